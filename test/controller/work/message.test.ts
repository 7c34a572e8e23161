import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBellMessage } from '../../../controller/work/message.ts';

const context = { account: '123456789012', region: 'eu-west-3' };

function event(source: string, type: string, detail: unknown, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': type,
    source,
    account: context.account,
    time: '2026-11-25T06:00:00Z',
    region: context.region,
    resources: [],
    detail,
    ...more,
  });
}

const object = (key: unknown, type = 'Object Created') =>
  event('aws.s3', type, { version: '0', bucket: { name: 'b' }, object: { key, size: 5, etag: 'e', sequencer: '0' } });
const stackId = (name: string, region = 'eu-west-3', account = '123456789012') =>
  `arn:aws:cloudformation:${region}:${account}:stack/${name}/f449b250-b969-11e0-a185-5081d0136786`;
const stack = (id: unknown) =>
  event('aws.cloudformation', 'CloudFormation Stack Status Change', {
    'stack-id': id,
    'status-details': { status: 'UPDATE_COMPLETE', 'status-reason': '' },
    'client-request-token': '',
  });
const group = (name: unknown, type = 'EC2 Instance Launch Successful') =>
  event('aws.autoscaling', type, { AutoScalingGroupName: name, EC2InstanceId: 'i-1' });
const alarm = (name: unknown) => event('aws.cloudwatch', 'CloudWatch Alarm State Change', { alarmName: name });
const own = (fields: Record<string, unknown>) => JSON.stringify({ version: 1, ...fields });

describe('parseBellMessage reads', () => {
  it.each([
    ['a document', object('sites/production.json'), { kind: 'site', site: 'production' }],
    ['a removed document', object('sites/a-b-c.json', 'Object Deleted'), { kind: 'site', site: 'a-b-c' }],
    ['a stack', stack(stackId('nextcloud-site-production-web')), { kind: 'site', site: 'production' }],
    ['a stack of a site with dashes', stack(stackId('nextcloud-site-a-b-network')), { kind: 'site', site: 'a-b' }],
    ['a site named like a layer', stack(stackId('nextcloud-site-web-data-data')), { kind: 'site', site: 'web-data' }],
    ['a certificate', stack(stackId('nextcloud-site-ab-certificate-1f1b6cba')), { kind: 'site', site: 'ab' }],
    [
      'a stack of another partition',
      stack(stackId('nextcloud-site-ab-web').replace('arn:aws:', 'arn:aws-cn:')),
      { kind: 'site', site: 'ab' },
    ],
    [
      'a node in its launch hook',
      group('nextcloud-site-a-b-web-AutoScalingGroup-1A2B3C4D5E6F', 'EC2 Instance-launch Lifecycle Action'),
      { kind: 'site', site: 'a-b' },
    ],
    [
      'a node that went',
      group('nextcloud-site-prod-web-AutoScalingGroup-1A2B3C4D5E6F', 'EC2 Instance Terminate Successful'),
      { kind: 'site', site: 'prod' },
    ],
    ['an alarm', alarm('nextcloud-site-prod-web-UnhealthyHostAlarm-1A2B3C4D5E6F'), { kind: 'site', site: 'prod' }],
    [
      'an alarm of a certificate',
      alarm('nextcloud-site-prod-certificate-1f1b6cba-SomeAlarm-1A2B3C4D5E6F'),
      { kind: 'site', site: 'prod' },
    ],
    [
      'a manual request',
      own({ kind: 'manual', site: 'prod', requestedAt: 't1' }),
      { kind: 'site', site: 'prod', requestedAt: 't1' },
    ],
    ['a bell of our own', own({ kind: 'site', site: 'prod' }), { kind: 'site', site: 'prod' }],
    ['a tick', own({ kind: 'tick' }), { kind: 'tick' }],
    ['a resync', own({ kind: 'resync' }), { kind: 'resync' }],
  ])('%s', (_name, body, expected) => {
    expect(parseBellMessage(body, context)).toEqual(expected);
  });
});

describe('parseBellMessage ignores, with a reason', () => {
  it.each<[string, unknown]>([
    ['a group of someone else', group('shop-web-AutoScalingGroup-1A2B3C4D5E6F')],
    ['a group without a name', group(undefined)],
    ['an alarm of someone else', alarm('TargetTracking-nextcloud-site-prod-web-AutoScalingGroup-1A')],
    ['an alarm with a name that is too long', alarm(`nextcloud-site-prod-web-A-${'b'.repeat(300)}`)],
    ['no text', undefined],
    ['a number', 5],
    ['an empty text', ''],
    ['no JSON', '{"version":1'],
    ['a JSON text', '"tick"'],
    ['null', 'null'],
    ['a list', '[{"version":1,"kind":"tick"}]'],
    ['more than 256 kB', own({ kind: 'tick', filler: 'x'.repeat(262_144) })],
    ['no version', JSON.stringify({ kind: 'tick' })],
    ['a later version', JSON.stringify({ version: 2, kind: 'tick' })],
    ['an unknown kind', own({ kind: 'delete', site: 'prod' })],
    ['a kind of another type', own({ kind: ['tick'] })],
    ['a site that is a path', own({ kind: 'site', site: '../prod' })],
    ['a site that is an object', own({ kind: 'site', site: { toString: 'prod' } })],
    ['a request without a token', own({ kind: 'manual', site: 'prod' })],
    ['a request with an endless token', own({ kind: 'manual', site: 'prod', requestedAt: 'x'.repeat(201) })],
    ['a key elsewhere', object('status/prod.json')],
    ['a key in a folder', object('sites/x/prod.json')],
    ['a key that climbs', object('sites/../sites/prod.json')],
    ['a key with a trailing line', object('sites/prod.json\n')],
    ['a key in capitals', object('sites/Prod.json')],
    ['a key that is no text', object(['sites/prod.json'])],
    ['an object event without an object', event('aws.s3', 'Object Created', {})],
    ['another event of S3', event('aws.s3', 'Object Restore Completed', { object: { key: 'sites/prod.json' } })],
    ['an event that only says it is of S3', event('my.s3', 'Object Created', { object: { key: 'sites/prod.json' } })],
    ['an event without detail', event('aws.s3', 'Object Created', null)],
    ['an event of another account', object('sites/prod.json').replace('123456789012', '999999999999')],
    ['an event of another region', object('sites/prod.json').replace('eu-west-3', 'us-east-1')],
    ['a stack of another account', stack(stackId('nextcloud-site-prod-web', 'eu-west-3', '999999999999'))],
    ['a stack of another region', stack(stackId('nextcloud-site-prod-web', 'us-east-1'))],
    ["somebody else's stack", stack(stackId('production-web'))],
    ['a stack of no layer', stack(stackId('nextcloud-site-prod-other'))],
    ['a stack without a site', stack(stackId('nextcloud-site-web'))],
    ['a change set', stack(stackId('nextcloud-site-prod-web').replace(':stack/', ':changeSet/'))],
    ['a stack id that is no ARN', stack('nextcloud-site-prod-web')],
    ['a stack id that is a list', stack([])],
  ])('%s', (_name, body) => {
    const found = parseBellMessage(body, context);
    expect(found).toEqual({ kind: 'ignored', reason: expect.stringMatching(/^the /) });
  });

  it('anything, without throwing', () => {
    void fc.assert(
      fc.property(fc.anything(), (body) => {
        parseBellMessage(body, context);
        parseBellMessage(JSON.stringify(body), context);
      }),
    );
    void fc.assert(
      fc.property(fc.json(), fc.constantFrom('aws.s3', 'aws.cloudformation'), (detail, source) => {
        const type = source === 'aws.s3' ? 'Object Created' : 'CloudFormation Stack Status Change';
        parseBellMessage(event(source, type, JSON.parse(detail)), context);
      }),
    );
  });
});
