import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { changes, Stacks, type Template } from './stacks.ts';

const site = (image: string, more: Record<string, unknown> = {}): Template => ({
  Resources: {
    Launch: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { ImageId: image, InstanceType: 't4g.medium' } },
    },
    Version: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Type: 'String', Value: { 'Fn::GetAtt': ['Launch', 'LatestVersionNumber'] } },
    },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'one', ...more } },
    Names: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { Ref: 'Topic' } } },
  },
});

describe('the property values of a change set', () => {
  let aws: LocalAws;
  let stacks: Stacks;
  beforeAll(async () => {
    aws = await startLocalAws();
    stacks = new Stacks(aws);
    await stacks.create('site', site('ami-1'));
  });
  afterAll(() => aws?.stop());

  it('say what is and what would be', async () => {
    const change = changes(await stacks.plan('site', site('ami-1', { DisplayName: 'two' })))['Topic'];
    expect(change).toMatchObject({ Action: 'Modify', Replacement: 'False', Scope: ['Properties'] });
    expect(change?.Details).toEqual([
      {
        Target: {
          Attribute: 'Properties',
          Name: 'DisplayName',
          RequiresRecreation: 'Never',
          Path: '/Properties/DisplayName',
          BeforeValue: 'one',
          AfterValue: 'two',
          AttributeChangeType: 'Modify',
        },
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
      },
    ]);
    expect(JSON.parse(change?.BeforeContext ?? '')).toEqual({ Properties: { DisplayName: 'one' } });
    expect(JSON.parse(change?.AfterContext ?? '')).toEqual({ Properties: { DisplayName: 'two' } });
  });

  it('are known after the change only, where they follow a resource that changes', async () => {
    const planned = changes(await stacks.plan('site', site('ami-2')));
    expect(Object.keys(planned)).toEqual(['Launch', 'Version']);
    expect(planned['Version']?.Details).toEqual([
      {
        Target: {
          Attribute: 'Properties',
          Name: 'Value',
          RequiresRecreation: 'Never',
          Path: '/Properties/Value',
          BeforeValue: '1',
          AfterValue: '{{changeSet:KNOWN_AFTER_APPLY}}',
          AttributeChangeType: 'Modify',
        },
        Evaluation: 'Dynamic',
        ChangeSource: 'ResourceAttribute',
        CausingEntity: 'Launch.LatestVersionNumber',
      },
    ]);
  });

  it('tell a replacement by its create-only property, and what refers to it', async () => {
    const planned = changes(await stacks.plan('site', site('ami-1', { TopicName: 'named' })));
    expect(planned['Topic']).toMatchObject({
      Replacement: 'True',
      Details: [{ Target: { Name: 'TopicName', RequiresRecreation: 'Always', AttributeChangeType: 'Add' } }],
    });
    expect(planned['Names']?.Details?.[0]).toMatchObject({
      ChangeSource: 'ResourceReference',
      CausingEntity: 'Topic',
      Target: { AfterValue: '{{changeSet:KNOWN_AFTER_APPLY}}' },
    });
  });

  it('notice a reference that goes to another attribute', async () => {
    const template = site('ami-1');
    const other: Template = {
      Resources: {
        ...template.Resources,
        Version: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Type: 'String', Value: { 'Fn::GetAtt': ['Launch', 'DefaultVersionNumber'] } },
        },
      },
    };
    const plan = await stacks.plan('site', other);
    expect(Object.keys(changes(plan))).toEqual(['Version']);
  });
});
