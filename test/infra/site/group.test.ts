import { describe, expect, test } from 'vitest';
import { properties, referencesIn, rendered, resource, template } from './template.ts';

const web = template('web');
const group = resource(web, 'AutoScalingGroup');

interface LaunchTemplate {
  readonly LaunchTemplateData: Readonly<Record<string, unknown>>;
}
const launch = (of = web) => (properties(of, 'LaunchTemplate') as unknown as LaunchTemplate).LaunchTemplateData;

describe('the group', () => {
  test('is over the three private subnets, attached to the target group, and healthy as the load balancer says', () => {
    expect(group.Properties).toMatchObject({
      VPCZoneIdentifier: [1, 2, 3].map((n) => ({ Ref: `PrivateSubnet${n}Id` })),
      TargetGroupARNs: [{ Ref: 'TargetGroup' }],
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 900,
      InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 200 },
      LaunchTemplate: {
        LaunchTemplateId: { Ref: 'LaunchTemplate' },
        Version: { 'Fn::GetAtt': ['LaunchTemplate', 'LatestVersionNumber'] },
      },
      MetricsCollection: [{ Granularity: '1Minute' }],
    });
  });

  test('is created empty, and its sizes are never touched by CloudFormation again', () => {
    expect(group.Properties).toMatchObject({ MinSize: '0', MaxSize: '0' });
    expect(group.Properties).not.toHaveProperty('DesiredCapacity');
    expect(group.UpdatePolicy).toEqual({
      AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true },
    });
  });

  test('no stack depends on the scale: a change of it renders the same templates', () => {
    const other = rendered({ 'scaling.min': 3, 'scaling.max': 8, 'scaling.targetCpuPercent': 70 });
    expect(other.layers).toEqual(rendered().layers);
    expect(other.renderedDigest).not.toBe(rendered().renderedDigest);
  });

  test('launch and terminate hooks are in the group, continue when nobody answers, and tell what lifecycle needs', () => {
    const hooks = group.Properties?.['LifecycleHookSpecificationList'] as readonly Record<string, string>[];
    expect(hooks).toMatchObject([
      {
        LifecycleHookName: 'nextcloud-launch',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        DefaultResult: 'CONTINUE',
        HeartbeatTimeout: 30,
      },
      {
        LifecycleHookName: 'nextcloud-terminate',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        DefaultResult: 'CONTINUE',
        HeartbeatTimeout: 30,
      },
    ]);
    for (const { NotificationMetadata = '' } of hooks) {
      expect(JSON.parse(NotificationMetadata)).toEqual({
        version: 1,
        site: 'production',
        heartbeatSeconds: 600,
        bootSeconds: 600,
        mountSeconds: 120,
        healthySeconds: 300,
        drainSeconds: 900,
      });
      expect(NotificationMetadata.length).toBeLessThan(1024);
    }
  });

  test('waits for the listener, the role and every parameter that a node reads', () => {
    expect([...(group.DependsOn ?? [])].sort()).toEqual([
      'AgentParameter',
      'HttpsListener',
      'InstanceRole',
      'NodeParameter',
    ]);
  });

  test('its tags reach the nodes', () => {
    expect(group.Properties?.['Tags']).toEqual([
      { Key: 'Name', Value: 'production-node', PropagateAtLaunch: true },
      { Key: 'nextcloud-gitops:layer', Value: 'web', PropagateAtLaunch: true },
      { Key: 'nextcloud-gitops:site', Value: 'production', PropagateAtLaunch: true },
    ]);
  });
});

describe('the launch template', () => {
  test('asks for IMDSv2, one hop, detailed monitoring, and an encrypted gp3 root volume', () => {
    expect(launch()).toMatchObject({
      ImageId: { Ref: 'ImageId' },
      InstanceType: 'm7g.large',
      MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      Monitoring: { Enabled: true },
      IamInstanceProfile: { Arn: { 'Fn::GetAtt': ['InstanceProfile', 'Arn'] } },
      SecurityGroupIds: [{ Ref: 'InstanceSecurityGroupId' }],
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 40, DeleteOnTermination: true },
        },
      ],
    });
    expect(launch()).not.toHaveProperty('KeyName');
  });

  test('carries the key pair of the document', () => {
    expect(launch(template('web', { 'access.bastion.keyName': 'operations' }))).toMatchObject({
      KeyName: 'operations',
    });
  });

  test('takes the image from its SSM parameter by the controller, or as the id that the document gives', () => {
    const source = (image: string) =>
      rendered({ 'compute.image': image })
        .layers.find(({ layer }) => layer === 'web')
        ?.parameters.find(({ name }) => name === 'ImageId');
    expect(source('/nextcloud-gitops/images/nextcloud')).toEqual({
      name: 'ImageId',
      from: 'image',
      ssmParameter: '/nextcloud-gitops/images/nextcloud',
    });
    expect(source('ami-0123456789abcdef0')).toEqual({ name: 'ImageId', from: 'value', value: 'ami-0123456789abcdef0' });
  });

  test('user data depends on the document alone, and changes when the node is configured otherwise', () => {
    const text = (changes = {}) => launch(template('web', changes))['UserData'] as { 'Fn::Base64': string };
    expect(referencesIn(text()).size).toBe(0);
    expect(text()['Fn::Base64']).toMatch(/^#!\/bin\/bash\n/);
    expect(text({ 'dns.host': 'other.example.com' })).not.toEqual(text());
    expect(text({ 'nextcloud.config.default_language': 'fr' })).not.toEqual(text());
    expect(text({ 'monitoring.logDays': 60 })).toEqual(text());
  });
});

test('the controller finds its outputs', () => {
  expect(web.Outputs).toMatchObject({
    AutoScalingGroupName: { Value: { Ref: 'AutoScalingGroup' } },
    LaunchTemplateId: { Value: { Ref: 'LaunchTemplate' } },
    LaunchTemplateVersion: { Value: { 'Fn::GetAtt': ['LaunchTemplate', 'LatestVersionNumber'] } },
    TargetGroupArn: { Value: { Ref: 'TargetGroup' } },
    LoadBalancerDnsName: { Value: { 'Fn::GetAtt': ['LoadBalancer', 'DNSName'] } },
  });
});
