import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { layerNames } from '../../../desired-state/rendered.ts';
import protectedIds from '../../../infra/site/protected-logical-ids.json' with { type: 'json' };
import registry from '../../../local/facts/resource-types.json' with { type: 'json' };
import { releaseFixtures } from './release-fixtures.ts';
import { destroyed, type ProtectedIds } from './stability.ts';
import { rendered, type Template, template, templatesOf } from './template.ts';

const fixtures = new URL('./fixtures/', import.meta.url);
const releases = readdirSync(fixtures).filter((name) => name.startsWith('release-'));
const read = (release: string, file: string) =>
  JSON.parse(readFileSync(new URL(`${release}/${file}`, fixtures), 'utf8'));

const tableOf = (layer: (typeof layerNames)[number]): ProtectedIds => protectedIds[layer];

/** Types that hold data or addresses, or that those hang on. */
const holding = [
  'AWS::Backup::BackupPlan',
  'AWS::Backup::BackupVault',
  'AWS::CertificateManager::Certificate',
  'AWS::EC2::EIP',
  'AWS::EC2::NatGateway',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  'AWS::EFS::AccessPoint',
  'AWS::EFS::FileSystem',
  'AWS::EFS::MountTarget',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBInstance',
  'AWS::Route53::HostedZone',
  'AWS::Route53::RecordSet',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic',
  'AWS::SecretsManager::Secret',
];

/** Types that must outlive their stack, and how. */
const outliving: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupPlan': 'Retain',
  'AWS::Backup::BackupVault': 'Retain',
  'AWS::EFS::AccessPoint': 'Retain',
  'AWS::EFS::FileSystem': 'Retain',
  'AWS::ElastiCache::ReplicationGroup': 'Snapshot',
  'AWS::KMS::Key': 'Retain',
  'AWS::Logs::LogGroup': 'Retain',
  'AWS::RDS::DBInstance': 'Snapshot',
  'AWS::Route53::HostedZone': 'Retain',
  'AWS::S3::Bucket': 'Retain',
  'AWS::S3::BucketPolicy': 'Retain',
  'AWS::SecretsManager::Secret': 'Retain',
};

/** Properties by which a resource that holds data could be given a name of its own. */
const physicalNames = [
  'BucketName',
  'DBInstanceIdentifier',
  'FileSystemId',
  'LogGroupName',
  'ReplicationGroupId',
  'TopicName',
];

const production = templatesOf(rendered());

describe.each([...layerNames])('%s', (layer) => {
  const table = tableOf(layer);
  const today = production[layer] as Template;

  test('the table has every resource that holds data or addresses, with its type', () => {
    const held = Object.entries(today.Resources).filter(([, { Type }]) => holding.includes(Type));
    expect(Object.fromEntries(held.map(([id, { Type }]) => [id, Type]))).toEqual(table);
  });

  test('what holds data outlives the stack and a replacement', () => {
    for (const id of Object.keys(table)) {
      const { Type = '', DeletionPolicy, UpdateReplacePolicy } = today.Resources[id] ?? {};
      const policy = outliving[Type];
      if (policy === undefined) continue;
      expect({ id, DeletionPolicy, UpdateReplacePolicy }).toEqual({
        id,
        DeletionPolicy: policy,
        UpdateReplacePolicy: policy,
      });
    }
  });

  test('what holds data has no physical name', () => {
    for (const id of Object.keys(table)) {
      const names = Object.keys(today.Resources[id]?.Properties ?? {}).filter((name) => physicalNames.includes(name));
      if (today.Resources[id]?.Type.startsWith('AWS::EFS::')) continue;
      expect({ id, names }).toEqual({ id, names: [] });
    }
  });
});

describe.each(releases)('%s', (release) => {
  test('the table has only grown', () => {
    const then: Record<string, ProtectedIds> = read(release, 'protected-logical-ids.json');
    for (const layer of layerNames) expect(tableOf(layer)).toMatchObject(then[layer] ?? {});
  });

  describe.each(['production', 'small'])('%s', (name) => {
    const now = templatesOf(rendered({}, name));
    const files = readdirSync(new URL(`${release}/`, fixtures)).filter((file) => file.startsWith(`${name}-`));

    test('every layer of it is a fixture', () => {
      expect(files.length).toBeGreaterThanOrEqual(4);
    });

    test.each(files)('from %s to today nothing protected is destroyed', (file) => {
      const layer = file.slice(name.length + 1).replace('.template.json', '') as (typeof layerNames)[number];
      expect(destroyed(read(release, file), now[layer] as Template, tableOf(layer), registry)).toEqual([]);
    });
  });
});

test("a release's fixtures are the templates of every layer of both sites, and the table", () => {
  expect(Object.keys(releaseFixtures()).sort()).toEqual(readdirSync(new URL('release-0.1.0/', fixtures)).sort());
});

describe('the comparison itself', () => {
  const data = template('data');
  const altered = (id: string, change: object): Template => ({
    ...data,
    Resources: { ...data.Resources, [id]: { ...(data.Resources[id] as object), ...change } as never },
  });
  const found = (to: Template) => destroyed(data, to, protectedIds.data, registry);

  test('sees a database that is gone, of another type, replaced, or less protected', () => {
    const { Database: _, ...others } = data.Resources;
    expect(found({ ...data, Resources: others })).toEqual(['Database is gone']);
    expect(found(altered('Database', { Type: 'AWS::RDS::DBCluster' }))).toEqual([
      'Database was AWS::RDS::DBInstance, is AWS::RDS::DBCluster',
    ]);
    expect(
      found(altered('Database', { Properties: { ...data.Resources['Database']?.Properties, DBName: 'other' } })),
    ).toEqual(['Database.DBName cannot be changed in place']);
    expect(found(altered('Database', { DeletionPolicy: 'Delete' }))).toEqual([
      'Database.DeletionPolicy was Snapshot, is Delete',
    ]);
  });

  test('lets pass what is changed in place', () => {
    const larger = { ...data.Resources['Database']?.Properties, AllocatedStorage: '200' };
    expect(found(altered('Database', { Properties: larger }))).toEqual([]);
  });
});
