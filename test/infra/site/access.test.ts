import { describe, expect, test } from 'vitest';
import { idsOf, properties, rendered, template } from './template.ts';

const access = template('access');

describe('the bastion', () => {
  test('is in a public subnet with a public address, IMDSv2 only, encrypted, without a rule of its own', () => {
    expect(properties(access, 'Bastion')).toMatchObject({
      ImageId: { Ref: 'BastionImageId' },
      InstanceType: 't4g.nano',
      MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      NetworkInterfaces: [
        {
          AssociatePublicIpAddress: true,
          DeviceIndex: '0',
          GroupSet: [{ Ref: 'BastionSecurityGroupId' }],
          SubnetId: { Ref: 'PublicSubnet1Id' },
        },
      ],
      BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeType: 'gp3' } }],
      IamInstanceProfile: { Ref: 'BastionProfile' },
    });
  });

  test.each([
    ['t4g.nano', 'arm64'],
    ['t3.micro', 'x86_64'],
  ])('%s runs Amazon Linux 2023 for %s, resolved when it is made and not after', (instanceType, architecture) => {
    const layer = rendered({ 'access.bastion.instanceType': instanceType }).layers.find(
      (one) => one.layer === 'access',
    );
    expect(layer?.parameters).toContainEqual({
      name: 'BastionImageId',
      from: 'pinned-image',
      ssmParameter: `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
    });
  });

  test('carries the key pair of the document', () => {
    const own = template('access', { 'access.bastion.keyName': 'operations' });
    expect(properties(own, 'Bastion')).toMatchObject({ KeyName: 'operations' });
    expect(properties(access, 'Bastion')).not.toHaveProperty('KeyName');
  });
});

test('without a bastion the layer holds one handle, and needs nothing', () => {
  const layer = rendered({ 'access.bastion': { enabled: false } }).layers.find((one) => one.layer === 'access');
  const off = template('access', { 'access.bastion': { enabled: false } });
  expect(Object.values(off.Resources)).toEqual([{ Type: 'AWS::CloudFormation::WaitConditionHandle' }]);
  expect(idsOf(off, 'AWS::EC2::Instance')).toEqual([]);
  expect(layer?.parameters).toEqual([]);
});
