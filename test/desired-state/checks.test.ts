import { describe, expect, it } from 'vitest';
import type { ParseContext } from '../../desired-state/parse.ts';
import { type Changes, changed, issuesOf, siteOf, textAt } from './documents.ts';

interface Case {
  /** What the case is about. */
  readonly why: string;
  readonly change: Changes;
  readonly context?: ParseContext;
  /** Path, the text that the position must point at, and a part of the message; absent: the document is good. */
  readonly issue?: readonly [path: string, at: string, message: string];
}

const privateSubnets = ['10.20.128.0/20', '10.20.144.0/20', '10.20.160.0/20'];
const publicSubnets = ['10.20.0.0/24', '10.20.1.0/24', '10.20.2.0/24'];
const applied = { lastApplied: siteOf(changed({})) };
const appliedWith = (change: Changes): ParseContext => ({ lastApplied: siteOf(changed(change)) });
const hour = 3_600_000;
const now = Date.parse('2026-11-25T12:00:00Z');
const override = (until: string): Changes => ({
  'reconcile.override': { gates: ['window'], until, reason: 'an urgent security update' },
});
const certificateIn = (region: string): string =>
  `arn:aws:acm:${region}:123456789012:certificate/11111111-2222-3333-4444-555555555555`;

const tables: Readonly<Record<string, readonly Case[]>> = {
  'name and region': [
    { why: 'the file is called like the site', change: {}, context: { fileName: 'sites/production.json' } },
    { why: 'a file elsewhere is free', change: {}, context: { fileName: '/tmp/draft.json' } },
    {
      why: 'the file is called otherwise',
      change: {},
      context: { fileName: 'x/sites/staging.json' },
      issue: ['name', '"production"', 'its file is sites/staging.json'],
    },
    { why: "the controller's region", change: {}, context: { region: 'eu-west-3' } },
    {
      why: 'another region',
      change: {},
      context: { region: 'eu-west-1' },
      issue: ['region', '"eu-west-3"', 'this controller serves eu-west-1'],
    },
  ],
  network: [
    { why: 'the smallest VPC with derived subnets', change: { 'network.cidr': '10.20.0.0/23', 'scaling.max': 6 } },
    {
      why: 'derived public subnets would be too small',
      change: { 'network.cidr': '10.20.0.0/24' },
      issue: ['network.cidr', '"10.20.0.0/24"', '/16 to /23 while subnets are derived'],
    },
    {
      why: 'larger than AWS takes',
      change: { 'network.cidr': '10.0.0.0/8' },
      issue: ['network.cidr', '"10.0', '/16 to'],
    },
    {
      why: 'host bits',
      change: { 'network.cidr': '10.20.1.0/16' },
      issue: ['network.cidr', '"10.20.1.0/16"', 'the network address is 10.20.0.0/16'],
    },
    {
      why: 'a public block',
      change: { 'network.cidr': '8.8.0.0/16' },
      issue: ['network.cidr', '"8.8', 'is not private'],
    },
    { why: 'shared address space', change: { 'network.cidr': '100.64.0.0/16' } },
    {
      why: 'named subnets',
      change: { 'network.publicSubnets': publicSubnets, 'network.privateSubnets': privateSubnets },
    },
    {
      why: 'a subnet outside',
      change: { 'network.publicSubnets': ['10.20.0.0/24', '10.21.1.0/24', '10.20.2.0/24'] },
      issue: ['network.publicSubnets[1]', '"10.21.1.0/24"', 'not inside the VPC, which is 10.20.0.0/16'],
    },
    {
      why: 'two subnets overlap, told at the later one',
      change: { 'network.publicSubnets': ['10.20.0.0/24', '10.20.0.128/25', '10.20.2.0/24'] },
      issue: ['network.publicSubnets[1]', '"10.20.0.128/25"', 'overlaps publicSubnets[0]'],
    },
    {
      why: 'a named subnet overlaps a derived one',
      change: { 'network.publicSubnets': ['10.20.0.0/24', '10.20.1.0/24', '10.20.144.0/24'] },
      issue: [
        'network.publicSubnets[2]',
        '"10.20.144.0/24"',
        'overlaps privateSubnets[1], which is 10.20.144.0/20 (derived',
      ],
    },
    {
      why: 'host bits of a subnet',
      change: { 'network.publicSubnets': ['10.20.0.0/24', '10.20.1.7/24', '10.20.2.0/24'] },
      issue: ['network.publicSubnets[1]', '"10.20.1.7/24"', 'the network address is 10.20.1.0/24'],
    },
    {
      why: 'too small for the load balancer',
      change: { 'network.publicSubnets': ['10.20.0.0/28', '10.20.1.0/24', '10.20.2.0/24'] },
      issue: ['network.publicSubnets[0]', '"10.20.0.0/28"', '/16 to /27'],
    },
    {
      why: 'a /28 is enough for a private subnet, but not for six nodes with a zone out',
      change: { 'network.privateSubnets': ['10.20.128.0/28', '10.20.144.0/28', '10.20.160.0/20'], 'scaling.max': 7 },
      issue: ['scaling.max', '7', 'there is room for 6'],
    },
    {
      why: 'a zone of another region',
      change: { 'network.availabilityZones': ['eu-west-3a', 'eu-west-1b', 'eu-west-3c'] },
      issue: ['network.availabilityZones[1]', '"eu-west-1b"', 'is not a zone of eu-west-3'],
    },
    {
      why: 'a zone twice',
      change: { 'network.availabilityZones': ['eu-west-3a', 'eu-west-3b', 'eu-west-3a'] },
      issue: ['network.availabilityZones[2]', '"eu-west-3a"', 'stands here twice'],
    },
  ],
  capacity: [
    { why: 'min is max', change: { 'scaling.min': 6 } },
    { why: 'min over max', change: { 'scaling.min': 7 }, issue: ['scaling.min', '7', 'but max is 6'] },
    {
      why: 'one node beside a standby',
      change: { 'scaling.min': 1 },
      issue: ['scaling.min', '1', 'database.multiAz is on'],
    },
    { why: 'one node without a standby', change: { 'scaling.min': 1, 'database.multiAz': false } },
    {
      why: 'one cache node beside a standby',
      change: { 'cache.nodes': 1 },
      issue: ['cache.nodes', '1', 'failover of the cache'],
    },
    {
      why: 'x86_64 all along',
      change: {
        'compute.image': 'ami-0123456789abcdef0',
        'compute.architecture': 'x86_64',
        'compute.instanceType': 'm7i.large',
      },
    },
    {
      why: 'a type of another architecture',
      change: { 'compute.instanceType': 'm7i.large' },
      issue: ['compute.instanceType', '"m7i.large"', 'm7i.large is x86_64, but compute.architecture is arm64'],
    },
    {
      why: 'no type',
      change: { 'compute.instanceType': 'm7g.huge' },
      issue: ['compute.instanceType', '"m7g', 'no instance type'],
    },
    {
      why: "the parameter's name tells another architecture",
      change: { 'compute.image': '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64' },
      issue: ['compute.image', '"/aws', "the parameter's name says x86_64"],
    },
    {
      why: '100 heartbeats of 30 s',
      change: { 'lifecycle.heartbeatSeconds': 30, 'lifecycle.budgets': { bootSeconds: 2580 } },
    },
    {
      why: 'more than 100 heartbeats',
      change: { 'lifecycle.heartbeatSeconds': 30, 'lifecycle.budgets': { bootSeconds: 2581 } },
      issue: ['lifecycle.heartbeatSeconds', '30', '3001 s together, but Auto Scaling waits at most 3000 s'],
    },
  ],
  database: [
    { why: '9 x (50 + 1) + 50 = 509 of 545', change: { 'scaling.max': 9 } },
    {
      why: '10 x (50 + 1) + 50 = 560 of 545',
      change: { 'scaling.max': 10 },
      issue: [
        'scaling.max',
        '10',
        '= 560 connections, but 80 % of the 682 that db.m7g.large accepts are 545: at most 9 nodes fit',
      ],
    },
    {
      why: 'cron counts',
      change: { 'scaling.max': 9, 'nextcloud.cron': { processes: 6 } },
      issue: ['scaling.max', '9', '6 cron) + 50 = 554'],
    },
    { why: 'a larger class', change: { 'scaling.max': 10, 'database.instanceClass': 'db.m7g.xlarge' } },
    { why: 'more by parameter', change: { 'scaling.max': 10, 'database.parameters': { max_connections: '700' } } },
    {
      why: 'less by parameter',
      change: { 'database.parameters': { max_connections: '100' } },
      issue: ['scaling.max', '6', 'not even one node fits'],
    },
    {
      why: 'a class that nobody knows',
      change: { 'database.instanceClass': 'db.z99.large' },
      issue: ['database.instanceClass', '"db.z99.large"', 'not a class whose memory is known'],
    },
    {
      why: "the site's own parameter",
      change: { 'database.parameters': { binlog_format: 'MIXED' } },
      issue: ['database.parameters.binlog_format', '"binlog_format"', 'set by the site itself'],
    },
    {
      why: 'connections that are no number',
      change: { 'database.parameters': { max_connections: '{DBInstanceClassMemory/1}' } },
      issue: ['database.parameters.max_connections', '"{DB', 'must be a number'],
    },
    {
      why: 'windows overlap',
      change: { 'database.maintenanceWindow': 'mon:02:30-mon:03:30' },
      issue: ['database.maintenanceWindow', '"mon:02:30', 'overlaps the daily backupWindow'],
    },
    {
      why: 'windows overlap over midnight at the end of the week',
      change: { 'database.backupWindow': '00:10-00:50', 'database.maintenanceWindow': 'sun:23:45-mon:00:15' },
      issue: ['database.maintenanceWindow', '"sun:23:45', 'overlaps'],
    },
    { why: 'windows touch', change: { 'database.maintenanceWindow': 'mon:03:00-mon:04:00' } },
  ],
  access: [
    { why: 'one host', change: { 'access.bastion.allowedCidrs': ['203.0.113.7/32'] } },
    { why: 'a /16', change: { 'access.bastion.allowedCidrs': ['203.0.0.0/16'] } },
    ...['0.0.0.0/0', '9.9.9.9/0'].map(
      (cidr): Case => ({
        why: `${cidr} is the Internet`,
        change: { 'access.bastion.allowedCidrs': ['203.0.113.7/32', cidr] },
        issue: ['access.bastion.allowedCidrs[1]', `"${cidr}"`, 'the whole Internet'],
      }),
    ),
    {
      why: 'the Internet of IPv6',
      change: { 'access.bastion.allowedCidrs': ['::/0'] },
      issue: ['access.bastion.allowedCidrs[0]', '"::/0"', '::/0 would be the whole Internet'],
    },
    ...['0.0.0.0/1', '128.0.0.0/2', '10.0.0.0/15'].map(
      (cidr): Case => ({
        why: `${cidr}: a few of such blocks are the Internet`,
        change: { 'access.bastion.allowedCidrs': [cidr] },
        issue: ['access.bastion.allowedCidrs[0]', `"${cidr}"`, 'too wide: at most a /16'],
      }),
    ),
    {
      why: 'open to the Internet while disabled',
      change: { 'access.bastion.enabled': false, 'access.bastion.allowedCidrs': ['0.0.0.0/0'] },
      issue: ['access.bastion.allowedCidrs[0]', '"0.0.0.0/0"', 'the whole Internet'],
    },
    {
      why: 'host bits',
      change: { 'access.bastion.allowedCidrs': ['203.0.113.7/24'] },
      issue: ['access.bastion.allowedCidrs[0]', '"203.0.113.7/24"', 'host bits'],
    },
    {
      why: 'nobody may come',
      change: { 'access.bastion.allowedCidrs': [] },
      issue: ['access.bastion.allowedCidrs', '[]', 'nobody may reach it'],
    },
    {
      why: 'nobody may come, and there is none',
      change: { 'access.bastion.allowedCidrs': [], 'access.bastion.enabled': false },
    },
    { why: 'an x86_64 bastion beside arm64 nodes', change: { 'access.bastion.instanceType': 't3a.nano' } },
    {
      why: 'no type',
      change: { 'access.bastion.instanceType': 't4g.tiny' },
      issue: ['access.bastion.instanceType', '"t4g.tiny"', 'no instance type'],
    },
  ],
  dns: [
    {
      why: 'automatic without a zone',
      change: { 'dns.hostedZone': 'none' },
      issue: ['dns.certificate', '"automatic"', 'set dns.hostedZone to "create"'],
    },
    {
      why: 'an issued certificate and no zone',
      change: { 'dns.hostedZone': 'none', 'dns.certificate': certificateIn('eu-west-3') },
    },
    {
      why: 'a certificate of another region',
      change: { 'dns.certificate': certificateIn('us-east-1') },
      issue: ['dns.certificate', '"arn:', 'the certificate is in us-east-1'],
    },
    { why: 'a zone that exists', change: { 'dns.hostedZone': 'Z0123456789ABC' } },
    { why: 'a created parent zone', change: { 'dns.zoneName': 'example.com' } },
    {
      why: 'a created zone beside the host',
      change: { 'dns.zoneName': 'ample.com' },
      issue: ['dns.zoneName', '"ample.com"', 'does not lie in ample.com'],
    },
    {
      why: 'the name of a zone that is not created',
      change: { 'dns.hostedZone': 'Z0123456789ABC', 'dns.zoneName': 'example.com' },
      issue: ['dns.zoneName', '"example.com"', 'set dns.hostedZone to "create"'],
    },
    {
      why: 'a host longer than a certificate holds',
      change: { 'dns.host': `${'a'.repeat(60)}.example.com` },
      issue: ['dns.host', '"aaa', '72 characters'],
    },
    {
      why: "a load balancer's own name",
      change: { 'dns.host': 'x-1.eu-west-3.elb.amazonaws.com' },
      issue: ['dns.host', '"x-1', 'a name of AWS'],
    },
  ],
  reconcile: [
    { why: 'seven days', change: override('2026-12-02T12:00:00Z'), context: { now } },
    { why: 'the past has no effect, and does no harm', change: override('2020-01-01T00:00:00Z'), context: { now } },
    {
      why: 'longer',
      change: override('2026-12-02T13:00:00+00:30'),
      context: { now },
      issue: ['reconcile.override.until', '"2026-12-02T13', 'at most 7 days'],
    },
    {
      why: 'accepted before',
      change: override('2026-12-02T13:00:00Z'),
      context: { ...appliedWith(override('2026-12-02T13:00:00Z')), now: now - hour },
    },
  ],
  'against the last applied document': [
    { why: 'the same', change: {}, context: applied },
    { why: 'scale, type, image', change: { 'scaling.max': 8, 'compute.instanceType': 'm8g.large' }, context: applied },
    {
      why: 'another name',
      change: { name: 'staging' },
      context: applied,
      issue: ['name', '"staging"', 'name never changes: it is production'],
    },
    {
      why: 'another database',
      change: { 'database.name': 'cloud' },
      context: applied,
      issue: ['database.name', '"cloud"', 'never changes: it is nextcloud'],
    },
    {
      why: 'another VPC',
      change: { 'network.cidr': '10.40.0.0/16' },
      context: applied,
      issue: ['network.cidr', '"10.40', 'never changes'],
    },
    {
      why: 'zones in another order are other subnets',
      change: { 'network.availabilityZones': ['eu-west-3b', 'eu-west-3a', 'eu-west-3c'] },
      context: applied,
      issue: ['network.availabilityZones', '[', 'never changes: it is eu-west-3a, eu-west-3b, eu-west-3c'],
    },
    {
      why: 'the derived subnets, by name',
      change: {
        'network.publicSubnets': ['10.20.0.0/20', '10.20.16.0/20', '10.20.32.0/20'],
        'network.privateSubnets': privateSubnets,
      },
      context: applied,
    },
    {
      why: 'other subnets',
      change: { 'network.publicSubnets': publicSubnets },
      context: applied,
      issue: ['network.publicSubnets', '[', 'never changes: it is 10.20.0.0/20'],
    },
    {
      why: 'subnets that are no longer named move back to the derived ones',
      change: {},
      context: appliedWith({ 'network.publicSubnets': publicSubnets }),
      issue: ['network.publicSubnets', '{', 'it is 10.20.0.0/24'],
    },
    { why: 'more storage', change: { 'database.storageGib': 110 }, context: applied },
    {
      why: 'a little more storage',
      change: { 'database.storageGib': 109 },
      context: applied,
      issue: ['database.storageGib', '109', '110 GiB or more'],
    },
    {
      why: 'less storage',
      change: { 'database.storageGib': 99 },
      context: applied,
      issue: ['database.storageGib', '99', 'never shrinks: it is 100 GiB'],
    },
    { why: 'a newer engine', change: { 'database.engineVersion': '8.4.10' }, context: applied },
    {
      why: 'an older engine',
      change: { 'database.engineVersion': '8.4.5' },
      context: applied,
      issue: ['database.engineVersion', '"8.4.5"', 'MySQL never goes back: it is 8.4.6'],
    },
    { why: 'the next major', change: { 'nextcloud.version': '36.0.0' }, context: applied },
    {
      why: 'a skipped major',
      change: { 'nextcloud.version': '37.0.0' },
      context: applied,
      issue: ['nextcloud.version', '"37.0.0"', 'from 35.0.1 go to the latest 36.x first'],
    },
    {
      why: 'back',
      change: { 'nextcloud.version': '35.0.0' },
      context: applied,
      issue: ['nextcloud.version', '"35.0.0"', 'Nextcloud never goes back: it is 35.0.1'],
    },
  ],
};

describe.each(Object.entries(tables))('%s', (_, cases) => {
  it.each(cases)('$why', ({ change, context = {}, issue }) => {
    const text = changed(change);
    const issues = issuesOf(text, context);
    if (issue === undefined) {
      expect(issues).toEqual([]);
      return;
    }
    const [path, at, message] = issue;
    expect(issues.map((one) => one.path)).toEqual([path]);
    const [found] = issues;
    if (found === undefined) throw new Error('unreachable');
    expect(found.message).toContain(message);
    expect(textAt(text, found, at.length)).toBe(at);
  });
});
