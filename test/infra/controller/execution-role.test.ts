import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { dataDenials } from '../../../infra/controller/execution-role/denials.ts';
import { onlyTagged } from '../../../infra/controller/execution-role/scopes.ts';
import { rendered, templatesOf } from '../site/template.ts';
import { list, ofType, plain, resource, type Statement, statements } from './template.ts';

const folder = new URL('../../../infra/controller/execution-role/', import.meta.url);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

interface Permissions {
  readonly taggable: readonly string[];
  readonly actions: Readonly<Record<string, { readonly for: readonly string[]; readonly on: readonly string[] }>>;
}
const permissions: Permissions = read('permissions.json');

/** Sites that have between them every resource that a site can have. */
const sites = () => [
  rendered({ 'network.ssmEndpoints': true }),
  rendered({ 'access.bastion': { enabled: false } }, 'small'),
];

const ofRole = () => statements().filter(({ id }) => id.startsWith('ExecutionRolePolicy'));
const allowed = () => ofRole().filter(({ statement }) => statement.Effect === 'Allow');
const denied = () => ofRole().filter(({ statement }) => statement.Effect === 'Deny');

describe('what is generated', () => {
  test('resource-types.json lists the types that sites are made of', () => {
    const types = sites()
      .flatMap((site) => Object.values(templatesOf(site)))
      .flatMap((template) => Object.values(template.Resources).map(({ Type }) => Type));
    expect(read('resource-types.json')).toEqual([...new Set(types)].sort());
  });

  test('permissions.json is what the generator makes of it today', () => {
    const python = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
    const { status, stderr } = spawnSync(python, [fileURLToPath(new URL('generate.py', folder)), '--check'], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  test('every action of it is granted, and no other', () => {
    const granted = allowed().flatMap(({ statement }) => list(statement.Action));
    expect([...new Set(granted)].sort()).toEqual(Object.keys(permissions.actions).sort());
  });
});

describe('the execution role', () => {
  test('is for CloudFormation, on our path, and outlives the controller with its policies', () => {
    const role = resource('ExecutionRole', 'AWS::IAM::Role');
    expect(role).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        RoleName: 'nextcloud-gitops-execution',
        Path: '/nextcloud-gitops/',
        AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: 'cloudformation.amazonaws.com' } }] },
      },
    });
    for (const [, policy] of ofType('AWS::IAM::ManagedPolicy')) expect(policy.DeletionPolicy).toBe('Retain');
    // Quota of managed policies a role: 10.
    expect(list(role.Properties['ManagedPolicyArns']).length).toBeLessThanOrEqual(10);
  });

  test.each(ofType('AWS::IAM::ManagedPolicy').map(([id]) => id))('%s is within 6,144 characters', (id) => {
    // Whitespace does not count; the longest names of a partition, a region and a suffix do.
    const document = JSON.stringify(plain(resource(id, 'AWS::IAM::ManagedPolicy').Properties['PolicyDocument']))
      .replaceAll('eu-west-3', 'ap-southeast-2')
      .replaceAll('arn:aws:', 'arn:aws-us-gov:')
      .replaceAll(/\s/g, '');
    expect(document.length).toBeLessThanOrEqual(6144);
  });

  test('uses a wildcard resource only for what AWS judges on no resource', () => {
    const unscoped = allowed()
      .filter(({ statement }) => list(statement.Resource).includes('*'))
      .flatMap(({ statement }) => list(statement.Action));
    expect(unscoped.filter((action) => permissions.actions[action]?.on.length !== 0)).toEqual([]);
  });

  test('is denied every deletion of data, wherever it is', () => {
    const actions = denied().flatMap(({ statement }) =>
      list(statement.Resource)[0] === '*' ? list(statement.Action) : [],
    );
    expect(actions.sort()).toEqual(dataDenials.flatMap((denial) => denial.actions).sort());
    expect(actions).toEqual(
      expect.arrayContaining([
        'rds:DeleteDBInstance',
        'elasticfilesystem:DeleteFileSystem',
        's3:DeleteObject',
        's3:DeleteBucket',
        'secretsmanager:DeleteSecret',
        'kms:ScheduleKeyDeletion',
        'backup:DeleteRecoveryPoint',
        'dynamodb:DeleteTable',
      ]),
    );
    const granted = new Set(allowed().flatMap(({ statement }) => list(statement.Action)));
    expect(actions.filter((action) => granted.has(action))).toEqual([]);
  });

  test('has an action with a condition on our tag only where the tag is there from the beginning', () => {
    for (const [action, type] of Object.entries(onlyTagged)) {
      expect(permissions.actions, action).toHaveProperty([action]);
      expect(permissions.taggable, action).toContain(type);
    }
    const conditioned = allowed().filter(({ statement }) => statement.Condition?.['Null'] !== undefined);
    const actions = conditioned.flatMap(({ statement }) => list(statement.Action));
    expect(Object.keys(onlyTagged).filter((action) => !actions.includes(action))).toEqual([]);
  });
});

describe('IAM by the execution role', () => {
  const onIam = (actions: readonly string[]) =>
    allowed().filter(({ statement }) => list(statement.Action).some((action) => actions.includes(action)));

  test('writes lie on our path', () => {
    const writes = allowed().filter(({ statement }) =>
      list(statement.Action).some((action) => /^iam:(?!CreateServiceLinkedRole|ListRoles)/.test(action)),
    );
    expect(writes.length).toBeGreaterThan(3);
    for (const { statement } of writes) {
      for (const arn of list(statement.Resource)) {
        expect(arn).toMatch(/^arn:aws:iam::123456789012:(role|instance-profile)\/nextcloud-gitops\/\*$/);
      }
    }
  });

  test('roles are made and changed with the boundary only, and it cannot be taken off', () => {
    const boundary = 'arn:aws:iam::123456789012:policy/nextcloud-gitops/nextcloud-site-boundary';
    const guarded = ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:PutRolePermissionsBoundary'];
    expect(onIam(guarded).length).toBeGreaterThan(0);
    for (const { statement } of onIam(guarded)) {
      expect(statement.Condition?.['ArnEquals']).toMatchObject({ 'iam:PermissionsBoundary': boundary });
    }
    expect(onIam(['iam:DeleteRolePermissionsBoundary', 'iam:CreatePolicyVersion', 'iam:CreateUser'])).toEqual([]);
  });

  test('roles are passed to the services of a site only, and the role neither passes nor changes itself', () => {
    for (const { statement } of onIam(['iam:PassRole'])) {
      expect(statement.Condition).toEqual({
        StringEquals: {
          'iam:PassedToService': ['backup.amazonaws.com', 'ec2.amazonaws.com', 'vpc-flow-logs.amazonaws.com'],
        },
      });
    }
    const itself = denied().filter(({ statement }) =>
      list(statement.Resource)[0]?.endsWith('/nextcloud-gitops-execution'),
    );
    expect(itself.flatMap(({ statement }) => list(statement.Action))).toEqual(
      expect.arrayContaining(['iam:PassRole', 'iam:UpdateAssumeRolePolicy', 'iam:AttachRolePolicy', 'iam:DeleteRole']),
    );
  });
});

describe('the boundary', () => {
  const boundary = () => statements().filter(({ id }) => id.startsWith('ExecutionRoleBoundary'));
  const roles = () =>
    sites()
      .flatMap((site) => Object.values(templatesOf(site)))
      .flatMap(({ Resources }) => Object.entries(Resources))
      .filter(([, { Type }]) => Type === 'AWS::IAM::Role');

  test('has the name and the path that the sites give it', () => {
    expect(resource('ExecutionRoleBoundary', 'AWS::IAM::ManagedPolicy').Properties).toMatchObject({
      ManagedPolicyName: 'nextcloud-site-boundary',
      Path: '/nextcloud-gitops/',
    });
  });

  test('covers every action of every role of a site', () => {
    const covered = new Set(boundary().flatMap(({ statement }) => list(statement.Action)));
    const asked = roles().flatMap(([, { Properties }]) =>
      ((Properties?.['Policies'] ?? []) as { PolicyDocument: { Statement: Statement[] } }[]).flatMap((policy) =>
        policy.PolicyDocument.Statement.flatMap((statement) => list(statement.Action)),
      ),
    );
    expect(asked.length).toBeGreaterThan(20);
    expect([...new Set(asked)].filter((action) => !covered.has(action))).toEqual([]);
  });

  // https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html#efs-condition-keys-for-nfs
  test('judges a mount by nothing that an NFS client does not provide', () => {
    const mounts = boundary().filter(({ statement }) =>
      list(statement.Action).some((action) => action.startsWith('elasticfilesystem:Client')),
    );
    expect(mounts.flatMap(({ statement }) => list(statement.Action))).toEqual(
      expect.arrayContaining(['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite']),
    );
    const provided = ['SecureTransport', 'SourceIp', 'AccessPointArn', 'AccessedViaMountTarget'];
    const keys = mounts.flatMap(({ statement }) => Object.values(statement.Condition ?? {}).flatMap(Object.keys));
    expect(keys.filter((key) => !provided.includes(String(key.split(':')[1])))).toEqual([]);
  });

  test('lets no role of a site touch IAM, stacks or the controller', () => {
    const services = new Set(
      boundary().flatMap(({ statement }) => list(statement.Action).map((action) => action.split(':')[0])),
    );
    expect(
      [...services].filter((service) =>
        ['iam', 'sts', 'cloudformation', 'dynamodb', 'sqs', 'lambda'].includes(String(service)),
      ),
    ).toEqual([]);
  });
});
