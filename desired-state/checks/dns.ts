import type { Finding } from '../issue.ts';
import type { Check } from './check.ts';

/** https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html: the common name's limit. */
const longestCommonName = 64;

/** A certificate comes from a zone or is named; what ACM does not give is refused before it waits for hours. */
export const certificate: Check = {
  reads: ['dns', 'region'],
  run: ({ dns, region }) => {
    const findings: Finding[] = [];
    if (dns.certificate !== 'automatic') {
      const certificateRegion = dns.certificate.split(':')[3] ?? '';
      if (certificateRegion === region) return [];
      const message = `the certificate is in ${certificateRegion}, but the site in ${region}: a load balancer takes certificates of its own region only`;
      return [{ path: ['dns', 'certificate'], message }];
    }
    if (dns.hostedZone === 'none') {
      const message =
        'an automatic certificate is validated by a record in a hosted zone: set dns.hostedZone to "create" or the id of a zone, or dns.certificate to the ARN of an issued certificate';
      findings.push({ path: ['dns', 'certificate'], message });
    }
    if (dns.host.length > longestCommonName) {
      const message = `the host has ${dns.host.length} characters: ACM puts at most ${longestCommonName} into a certificate`;
      findings.push({ path: ['dns', 'host'], message });
    }
    return findings;
  },
};

/** Names of AWS's own domains get no certificate and no record of ours. */
export const ownHost: Check = {
  reads: ['dns.host'],
  run: ({ dns: { host } }) =>
    /(^|\.)(amazonaws\.com(\.cn)?|aws\.dev|cloudfront\.net|on\.aws)$/.test(host)
      ? [{ path: ['dns', 'host'], message: `${host} is a name of AWS: the site needs a name of a domain of yours` }]
      : [],
};

/** The name of a zone is for a zone that is created, and the host lies in it. */
export const zoneName: Check = {
  reads: ['dns.host', 'dns.hostedZone', 'dns.zoneName'],
  run: ({ dns: { host, hostedZone, zoneName: name } }) => {
    if (name === undefined) return [];
    const path = ['dns', 'zoneName'];
    if (hostedZone !== 'create') {
      return [{ path, message: 'zoneName names a zone that is created: remove it, or set dns.hostedZone to "create"' }];
    }
    if (host === name || host.endsWith(`.${name}`)) return [];
    return [{ path, message: `${host} does not lie in ${name}: the zone must be the host itself or a parent of it` }];
  },
};
