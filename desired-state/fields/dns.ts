import { defaulted, matching, optional, required, section } from './field.ts';

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const domain = matching(
  new RegExp(`^(?=.{4,253}$)(${label}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`),
  'must be a domain name in lower case with at least two labels, such as cloud.example.com',
);

/** The name of the site and how the world proves and finds it. */
export const dns = section(
  {
    host: required(
      domain,
      'The name under which users reach the site. Another host is another certificate and another record, and users must log in again. With an automatic certificate at most 64 characters.',
      'window',
    ),
    hostedZone: defaulted(
      matching(/^(create|none|Z[A-Z0-9]{1,31})$/, 'must be "create", "none" or the id of a hosted zone of Route 53'),
      'none',
      'The public hosted zone of Route 53 for the records: its id, "create" for a new one (status shows its name servers, to which the parent zone must delegate), or "none", and status shows the name of the load balancer for a record that is made elsewhere.',
      'approval',
    ),
    zoneName: optional(
      domain,
      'the host itself',
      'The domain of the created zone: the host, or a parent of it. Only with hostedZone "create". Another name is another zone, with other name servers.',
      'approval',
    ),
    certificate: defaulted(
      matching(
        /^(automatic|arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36})$/,
        'must be "automatic" or the ARN of a certificate of ACM',
      ),
      'automatic',
      'The certificate of the load balancer: "automatic" (from ACM, validated in the hosted zone, so there must be one), or the ARN of an issued certificate in the region of the site.',
      'live',
    ),
  },
  'The name of the site, its records and its certificate.',
);
