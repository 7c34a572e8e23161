import { describe, expect, test } from 'vitest';
import {
  everyLayer,
  idsOf,
  properties,
  rendered,
  statementsOf,
  type Template,
  template,
  templatesOf,
} from './template.ts';

type Statement = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function rolePolicies(of: Template, id: string): readonly Statement[] {
  const policies = (properties(of, id)['Policies'] ?? []) as readonly { readonly PolicyDocument: unknown }[];
  return policies.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
}

const all = templatesOf(rendered({ 'network.ssmEndpoints': true }));
const roles = everyLayer.flatMap((layer) => {
  const of = all[layer];
  return of === undefined ? [] : idsOf(of, 'AWS::IAM::Role').map((id) => ({ layer, id, of }));
});

describe('every role', () => {
  test.each(roles)('$layer/$id is on our path, within the boundary, and trusts one service', ({ id, of }) => {
    expect(properties(of, id)).toMatchObject({
      Path: '/nextcloud-gitops/',
      PermissionsBoundary: {
        'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/nextcloud-gitops/nextcloud-site-boundary`,
      },
    });
    const trust = statementsOf(properties(of, id)['AssumeRolePolicyDocument']);
    expect(trust).toHaveLength(1);
    expect(trust[0]?.['Principal']).toEqual({ Service: expect.stringMatching(/\.amazonaws\.com$/) });
  });

  test.each(roles)('$layer/$id allows no wildcard action', ({ id, of }) => {
    for (const statement of rolePolicies(of, id)) {
      expect(statement['Effect']).toBe('Allow');
      for (const action of list(statement['Action'])) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
    }
  });

  test('there are four, and only the one that another policy names has a name', () => {
    expect(roles.map(({ id }) => id)).toEqual(['FlowLogRole', 'BackupRole', 'InstanceRole', 'BastionRole']);
    const named = roles.filter(({ id, of }) => properties(of, id)['RoleName'] !== undefined).map(({ id }) => id);
    expect(named).toEqual(['InstanceRole']);
  });
});

describe("the nodes' role", () => {
  const statements = rolePolicies(template('web'), 'InstanceRole');
  const bySid = new Map(statements.map((statement) => [statement['Sid'], statement]));

  test('may do this and nothing else', () => {
    expect(statements.map((statement) => statement['Sid'])).toEqual([
      'ReportToSystemsManager',
      'SystemsManagerChannels',
      'PublishMetrics',
      'WriteLogs',
      'ReadOwnSecrets',
      'ReadOwnParameters',
      'ListOwnPrefix',
      'WorkBelowOwnPrefix',
      'MountFileSystem',
    ]);
  });

  test('`*` stands only where AWS knows no resource', () => {
    const everything = statements.filter((statement) => list(statement['Resource']).includes('*'));
    const actions = everything.flatMap((statement) => list(statement['Action']));
    const unscopable = /^(ssmmessages|ec2messages):|^cloudwatch:PutMetricData$/;
    expect(actions.filter((action) => !unscopable.test(String(action)))).toEqual([]);
    expect(bySid.get('PublishMetrics')).toMatchObject({
      Condition: { StringEquals: { 'cloudwatch:namespace': 'NextcloudGitops/Node' } },
    });
  });

  test("reads the application's secrets, never the administrator's", () => {
    expect(bySid.get('ReadOwnSecrets')).toEqual({
      Sid: 'ReadOwnSecrets',
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: [{ Ref: 'DatabaseApplicationSecretArn' }, { Ref: 'CacheSecretArn' }, { Ref: 'InstallationSecretArn' }],
    });
  });

  test("works below its own prefix of the site's bucket", () => {
    const bucket = (suffix: string) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'SiteBucketName' }, suffix]],
    });
    expect(bySid.get('WorkBelowOwnPrefix')?.['Resource']).toEqual(bucket('/nodes/*'));
    expect(bySid.get('ListOwnPrefix')).toMatchObject({ Condition: { StringLike: { 's3:prefix': 'nodes/*' } } });
  });

  test('mounts the file system through the access point of the site', () => {
    expect(bySid.get('MountFileSystem')).toMatchObject({
      Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      Resource: { Ref: 'FileSystemArn' },
      Condition: { StringEquals: { 'elasticfilesystem:AccessPointArn': { Ref: 'AccessPointArn' } } },
    });
  });

  test('cannot complete its own lifecycle hook, nor call IAM, CloudFormation or Auto Scaling at all', () => {
    const actions = statements.flatMap((statement) => list(statement['Action']));
    expect(actions.filter((action) => /^(autoscaling|iam|cloudformation|sts):/.test(String(action)))).toEqual([]);
  });
});
