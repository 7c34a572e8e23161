import type { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Fn } from 'aws-cdk-lib/core';
import { hostedZoneIdFor } from './hosted-zone.ts';
import type { LayerStack } from './layer-stack.ts';

/**
 * The host's records, when there is a zone. The AAAA record is there for the day when the load balancer speaks IPv6: until then Route 53 answers
 * it with no address, which clients understand.
 */
export function addDnsRecords(stack: LayerStack, loadBalancer: CfnLoadBalancer): void {
  const hostedZoneId = hostedZoneIdFor(stack);
  if (hostedZoneId === undefined) return;
  for (const [id, type] of [
    ['RecordA', 'A'],
    ['RecordAaaa', 'AAAA'],
  ] as const) {
    new CfnRecordSet(stack, id, {
      hostedZoneId,
      name: stack.site.dns.host,
      type,
      aliasTarget: {
        dnsName: Fn.join('', ['dualstack.', loadBalancer.attrDnsName]),
        hostedZoneId: loadBalancer.attrCanonicalHostedZoneId,
        // A record that vanishes with its targets would leave nobody the maintenance page.
        evaluateTargetHealth: false,
      },
    });
  }
}
