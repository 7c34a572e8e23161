import { createHash } from 'node:crypto';
import type { LayerName, ParameterSource, RenderedLayer, RenderedSite } from '../../../desired-state/rendered.ts';
import type { Site } from '../../../desired-state/site.ts';
import type { FakeTemplate } from './template.ts';

const ref = (name: string) => ({ Ref: name });
const output = (layer: LayerName, name: string): ParameterSource => ({ name, from: 'output', layer, output: name });
const outputsOf = (names: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(names).map(([name, Value]) => [name, { Value }]));

interface Layer {
  readonly layer: LayerName;
  readonly template: FakeTemplate;
  readonly parameters: readonly ParameterSource[];
}

/**
 * A site in miniature: the layers, parameters and outputs of the real one with a handful of resources each, so that the reconciler is
 * tested without waiting for a renderer.
 */
export function renderMiniature(site: Site, rendererVersion: string): RenderedSite {
  const certificate = site.dns.certificate === 'automatic';
  const layers = [network(site), ...(certificate ? [certificateLayer(site)] : []), data(site), web(site), access(site)];
  const rendered = layers.map((layer) => renderedLayer(site, layer));
  return {
    formatVersion: 1,
    rendererVersion,
    site,
    layers: rendered,
    renderedDigest: sha256(JSON.stringify({ site, rendered })),
  };
}

function renderedLayer(site: Site, { layer, template, parameters }: Layer): RenderedLayer {
  const hash = layer === 'certificate' ? `-${sha256(site.dns.host).slice(0, 8)}` : '';
  const templateBody = JSON.stringify(template);
  return {
    layer,
    stackName: `nextcloud-site-${site.name}-${layer}${hash}`,
    templateBody,
    templateDigest: sha256(templateBody),
    parameters,
    tags: { site: site.name },
  };
}

function network(site: Site): Layer {
  const { cidr, flowLogDays, availabilityZones } = site.network;
  const subnets = availabilityZones.map((zone, index) => [
    `Subnet${index}`,
    { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), AvailabilityZone: zone } },
  ]);
  const template: FakeTemplate = {
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: cidr } },
      ...Object.fromEntries(subnets),
      FlowLogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: flowLogDays } },
      ...(site.dns.hostedZone === 'create' ? { Zone: { Type: 'AWS::Route53::HostedZone', Properties: {} } } : {}),
    },
    Outputs: outputsOf({
      VpcId: ref('Vpc'),
      SubnetId: ref('Subnet0'),
      HostedZoneNameServers: 'ns-1.example., ns-2.example.',
    }),
  };
  return { layer: 'network', template, parameters: [] };
}

function certificateLayer(site: Site): Layer {
  const template: FakeTemplate = {
    Resources: {
      Certificate: {
        Type: 'AWS::CertificateManager::Certificate',
        Properties: { DomainName: site.dns.host, Vpc: ref('VpcId') },
      },
    },
    Outputs: outputsOf({ CertificateArn: ref('Certificate') }),
  };
  return { layer: 'certificate', template, parameters: [output('network', 'VpcId')] };
}

function data(site: Site): Layer {
  const { name, backupDays, instanceClass } = site.database;
  const template: FakeTemplate = {
    Resources: {
      Database: {
        Type: 'AWS::RDS::DBInstance',
        Properties: {
          DBName: name,
          BackupRetentionPeriod: backupDays,
          DBInstanceClass: instanceClass,
          Subnet: ref('SubnetId'),
        },
      },
      Files: { Type: 'AWS::EFS::FileSystem', Properties: { Encrypted: true } },
      Cache: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { NumCacheClusters: site.cache.nodes } },
    },
    Outputs: outputsOf({
      DatabaseIdentifier: ref('Database'),
      FileSystemId: ref('Files'),
      CacheReplicationGroupId: ref('Cache'),
    }),
  };
  return { layer: 'data', template, parameters: [output('network', 'SubnetId')] };
}

function web(site: Site): Layer {
  const template: FakeTemplate = {
    Resources: {
      Nodes: { Type: 'AWS::EC2::LaunchTemplate', Properties: { ImageId: ref('ImageId'), Files: ref('FileSystemId') } },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: site.monitoring.logDays } },
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Subnet: ref('SubnetId') } },
      Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Certificate: ref('CertificateArn') } },
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: { LaunchTemplate: { 'Fn::GetAtt': ['Nodes', 'LatestVersionNumber'] } },
      },
    },
    Outputs: outputsOf({
      AutoScalingGroupName: ref('Group'),
      LaunchTemplateId: ref('Nodes'),
      LaunchTemplateVersion: { 'Fn::GetAtt': ['Nodes', 'LatestVersionNumber'] },
      TargetGroupArn: ref('Targets'),
      LoadBalancerDnsName: ref('Balancer'),
    }),
  };
  const certificate: ParameterSource =
    site.dns.certificate === 'automatic'
      ? output('certificate', 'CertificateArn')
      : { name: 'CertificateArn', from: 'value', value: site.dns.certificate };
  const image: ParameterSource = site.compute.image.startsWith('ami-')
    ? { name: 'ImageId', from: 'value', value: site.compute.image }
    : { name: 'ImageId', from: 'image', ssmParameter: site.compute.image };
  return {
    layer: 'web',
    template,
    parameters: [output('network', 'SubnetId'), output('data', 'FileSystemId'), certificate, image],
  };
}

/** The image of the bastion, which is resolved when the layer changes for another reason. */
export const bastionImage = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';

function access(site: Site): Layer {
  const { enabled, instanceType } = site.access.bastion;
  const template: FakeTemplate = enabled
    ? {
        Resources: {
          Bastion: {
            Type: 'AWS::EC2::Instance',
            Properties: { ImageId: ref('ImageId'), InstanceType: instanceType, Subnet: ref('SubnetId') },
          },
        },
      }
    : { Resources: { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } };
  const image: ParameterSource = { name: 'ImageId', from: 'pinned-image', ssmParameter: bastionImage };
  return { layer: 'access', template, parameters: enabled ? [output('network', 'SubnetId'), image] : [] };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
