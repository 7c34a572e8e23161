import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { App } from 'aws-cdk-lib/core';
import type { Site } from '../../desired-state/site.ts';
import { hostedZoneIdFor } from './hosted-zone.ts';
import { LayerStack } from './layer-stack.ts';
import { nameTag } from './tags.ts';

/** Whether the site asks for a certificate of its own. */
export function hasCertificateLayer(site: Site): boolean {
  return site.dns.certificate === 'automatic';
}

/**
 * The certificate layer: one certificate, validated by a record in the hosted zone. It is a stack of its own because it stays in progress until
 * the zone is delegated, and because another host is another certificate: the old one must live until the listener has switched.
 */
export function certificateLayer(app: App, site: Site): LayerStack {
  const stack = new LayerStack(app, site, 'certificate', `Certificate of the Nextcloud site ${site.name}`);
  const hostedZoneId = hostedZoneIdFor(stack);
  const certificate = new CfnCertificate(stack, 'Certificate', {
    domainName: site.dns.host,
    validationMethod: 'DNS',
    ...(hostedZoneId === undefined ? {} : { domainValidationOptions: [{ domainName: site.dns.host, hostedZoneId }] }),
    tags: nameTag(site, 'certificate'),
  });
  stack.output('CertificateArn', certificate.ref, 'ARN of the issued certificate');
  return stack;
}

/** The certificate's ARN for the load balancer: the automatic one, or the document's own. */
export function certificateArnFor(stack: LayerStack): string {
  const description = 'ARN of the certificate';
  return hasCertificateLayer(stack.site)
    ? stack.fromOutput('certificate', 'CertificateArn', description)
    : stack.fromValue('CertificateArn', stack.site.dns.certificate, description);
}
