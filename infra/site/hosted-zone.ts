import { CfnHostedZone } from 'aws-cdk-lib/aws-route53';
import { Fn } from 'aws-cdk-lib/core';
import { controllerOutputs } from '../../desired-state/rendered.ts';
import type { LayerStack } from './layer-stack.ts';
import { retain } from './protection.ts';

/**
 * The hosted zone, when the document says `create`. It is in the first layer: it must be delegated before a certificate validates, and a stack
 * in progress shows no outputs.
 */
export function addHostedZone(stack: LayerStack): void {
  const { dns } = stack.site;
  if (dns.hostedZone !== 'create') return;
  const zone = new CfnHostedZone(stack, 'HostedZone', {
    name: dns.zoneName ?? dns.host,
    hostedZoneConfig: { comment: `Nextcloud site ${stack.site.name}` },
  });
  retain(zone);
  stack.output('HostedZoneId', zone.ref, 'Id of the hosted zone');
  stack.output(
    controllerOutputs.hostedZoneNameServers,
    Fn.join(',', zone.attrNameServers),
    'Name servers to delegate the zone to',
  );
}

/** The zone's id for another layer, or undefined when the site's records are made elsewhere. */
export function hostedZoneIdFor(stack: LayerStack): string | undefined {
  const { hostedZone } = stack.site.dns;
  if (hostedZone === 'none') return undefined;
  if (hostedZone === 'create') return stack.fromOutput('network', 'HostedZoneId', 'Id of the hosted zone');
  return stack.fromValue('HostedZoneId', hostedZone, 'Id of the hosted zone');
}
