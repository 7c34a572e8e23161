import { describe, expect, test } from 'vitest';
import { attributesOf, idsOf, properties, rendered, resource, statementsOf, template } from './template.ts';

const web = template('web');

test('an Internet-facing load balancer in the three public subnets, protected, with access logs in their bucket', () => {
  expect(resource(web, 'LoadBalancer')).toMatchObject({
    DependsOn: ['LogBucketPolicy'],
    Properties: {
      Type: 'application',
      Scheme: 'internet-facing',
      Subnets: [1, 2, 3].map((n) => ({ Ref: `PublicSubnet${n}Id` })),
      SecurityGroups: [{ Ref: 'LoadBalancerSecurityGroupId' }],
    },
  });
  expect(attributesOf(properties(web, 'LoadBalancer')['LoadBalancerAttributes'])).toEqual({
    'access_logs.s3.bucket': { Ref: 'LogBucket' },
    'access_logs.s3.enabled': 'true',
    'access_logs.s3.prefix': 'load-balancer',
    'deletion_protection.enabled': 'true',
    'idle_timeout.timeout_seconds': '3600',
    'routing.http.drop_invalid_header_fields.enabled': 'true',
    'routing.http2.enabled': 'true',
  });
});

describe('the bucket of the access logs', () => {
  test('is encrypted by S3 itself, closed, kept, and forgets after the days of the document', () => {
    expect(resource(web, 'LogBucket')).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: { Rules: [{ Id: 'retention', ExpirationInDays: 30 }, { Id: 'unfinished-uploads' }] },
      },
    });
    expect(properties(web, 'LogBucket')).not.toHaveProperty('BucketName');
  });

  test('takes logs from load balancers of this account and region, and nothing without TLS', () => {
    const [tls, delivery] = statementsOf(properties(web, 'LogBucketPolicy')['PolicyDocument']);
    expect(tls).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    expect(delivery).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      Action: 's3:PutObject',
    });
    expect(JSON.stringify(delivery?.['Resource'])).toContain('/load-balancer/AWSLogs/');
    expect(JSON.stringify(delivery?.['Condition'])).toContain(':loadbalancer/*');
  });
});

test('HTTP redirects to HTTPS, which speaks TLS 1.2 and 1.3 with the current policy and forwards to the nodes', () => {
  expect(properties(web, 'HttpListener')).toMatchObject({
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
  });
  expect(properties(web, 'HttpsListener')).toMatchObject({
    Port: 443,
    Protocol: 'HTTPS',
    SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
    Certificates: [{ CertificateArn: { Ref: 'CertificateArn' } }],
    DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'TargetGroup' } }],
  });
  expect(idsOf(web, 'AWS::ElasticLoadBalancingV2::Listener')).toHaveLength(2);
});

describe('the target group', () => {
  test("asks the node's own health endpoint", () => {
    expect(properties(web, 'TargetGroup')).toMatchObject({
      HealthCheckPath: '/health',
      Matcher: { HttpCode: '200' },
      Port: 80,
      Protocol: 'HTTP',
      TargetType: 'instance',
      VpcId: { Ref: 'VpcId' },
    });
  });

  test.each([0, 900, 3600])(
    'drains for the %s seconds of the document, and keeps no session on one node',
    (seconds) => {
      const own = template('web', { 'lifecycle.budgets.drainSeconds': seconds });
      expect(attributesOf(properties(own, 'TargetGroup')['TargetGroupAttributes'])).toMatchObject({
        'deregistration_delay.timeout_seconds': String(seconds),
        'stickiness.enabled': 'false',
      });
    },
  );
});

describe('the certificate', () => {
  const arn = 'arn:aws:acm:eu-west-3:123456789012:certificate/12345678-1234-1234-1234-123456789012';

  test('is validated by DNS in the zone, in a layer of its own', () => {
    const certificate = template('certificate');
    expect(properties(certificate, 'Certificate')).toMatchObject({
      DomainName: 'cloud.example.com',
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'cloud.example.com', HostedZoneId: { Ref: 'HostedZoneId' } }],
    });
    expect(certificate.Outputs?.['CertificateArn']?.Value).toEqual({ Ref: 'Certificate' });
  });

  test('of the document makes no layer, and reaches the listener as a value', () => {
    const site = rendered({ 'dns.certificate': arn });
    expect(site.layers.map(({ layer }) => layer)).toEqual(['network', 'data', 'web', 'access']);
    expect(site.layers.find(({ layer }) => layer === 'web')?.parameters).toContainEqual({
      name: 'CertificateArn',
      from: 'value',
      value: arn,
    });
  });
});

describe('records', () => {
  test('A and AAAA of the host, alias to the load balancer, in the created zone', () => {
    for (const [id, type] of [
      ['RecordA', 'A'],
      ['RecordAaaa', 'AAAA'],
    ] as const) {
      expect(properties(web, id)).toMatchObject({
        Type: type,
        Name: 'cloud.example.com',
        HostedZoneId: { Ref: 'HostedZoneId' },
        AliasTarget: {
          DNSName: { 'Fn::Join': ['', ['dualstack.', { 'Fn::GetAtt': ['LoadBalancer', 'DNSName'] }]] },
          HostedZoneId: { 'Fn::GetAtt': ['LoadBalancer', 'CanonicalHostedZoneID'] },
        },
      });
    }
  });

  test('in an existing zone, whose id comes from the document', () => {
    const layer = rendered({ 'dns.hostedZone': 'Z0123456789ABCDEFGHIJ' }).layers.find((one) => one.layer === 'web');
    expect(layer?.parameters).toContainEqual({ name: 'HostedZoneId', from: 'value', value: 'Z0123456789ABCDEFGHIJ' });
  });

  test('none without a zone', () => {
    const own = template('web', {
      'dns.hostedZone': 'none',
      'dns.certificate': 'arn:aws:acm:eu-west-3:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    });
    expect(idsOf(own, 'AWS::Route53::RecordSet')).toEqual([]);
    expect(own.Parameters).not.toHaveProperty('HostedZoneId');
  });
});
