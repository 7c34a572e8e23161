import { isSiteName, readStackName } from './stack-name.ts';

/** What a message on the bell asks for: where to look, never what to do. */
export type BellMessage =
  | { readonly kind: 'site'; readonly site: string; readonly requestedAt?: string }
  /** Ring for what is due. */
  | { readonly kind: 'tick' }
  /** Ring for everything there is. */
  | { readonly kind: 'resync' }
  /** Not ours, or not to be read: logged and dropped. */
  | { readonly kind: 'ignored'; readonly reason: string };

/** Whose messages are ours. */
export interface BellContext {
  /** Account id of the controller. */
  readonly account: string;
  readonly region: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** SQS carries no more in one message. */
const longestBody = 256 * 1024;
const longestToken = 200;
/** Of groups and alarms: 255 characters. */
const longestName = 255;

/**
 * Reads the body of a bell's message: an event as EventBridge sends it, of S3 (a document), CloudFormation (a stack's status), Auto
 * Scaling (an instance of a site's group) or CloudWatch (a site's alarm), or a message of our own,
 * `{"version":1,"kind":"manual"|"site"|"tick"|"resync",...}`. Never throws, whatever the text.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function parseBellMessage(body: unknown, context: BellContext): BellMessage {
  if (typeof body !== 'string') return ignored('the body is no text');
  if (body.length > longestBody) return ignored(`the body is longer than ${longestBody} characters`);
  const value = fieldsOf(jsonOf(body));
  if (value === undefined) return ignored('the body is no JSON object');
  return 'detail-type' in value ? readEvent(value, context) : readOwn(value);
}

function readOwn(message: Fields): BellMessage {
  // Version 1 is the first; an earlier one stays readable here when there is a second.
  if (message['version'] !== 1) return ignored('the message has no version that is known here');
  const { kind, site, requestedAt } = message;
  switch (kind) {
    case 'tick':
      return { kind };
    case 'resync':
      return { kind };
    case 'site':
      return isSiteName(site) ? { kind, site } : ignored('the message names no site');
    case 'manual':
      if (!isSiteName(site)) return ignored('the request names no site');
      return isToken(requestedAt)
        ? { kind: 'site', site, requestedAt }
        : ignored('the request has no usable requestedAt');
    default:
      return ignored('the message is of no known kind');
  }
}

function readEvent(event: Fields, { account, region }: BellContext): BellMessage {
  if (event['account'] !== account) return ignored('the event is of another account');
  if (event['region'] !== region) return ignored('the event is of another region');
  const detail = fieldsOf(event['detail']);
  if (detail === undefined) return ignored('the event has no detail');
  const name = `${String(event['source'])} ${String(event['detail-type'])}`;
  switch (name) {
    case 'aws.s3 Object Created':
    case 'aws.s3 Object Deleted':
      return readObjectEvent(detail);
    case 'aws.cloudformation CloudFormation Stack Status Change':
      return readStackEvent(detail, account, region);
    case 'aws.autoscaling EC2 Instance-launch Lifecycle Action':
    case 'aws.autoscaling EC2 Instance-terminate Lifecycle Action':
    case 'aws.autoscaling EC2 Instance Launch Successful':
    case 'aws.autoscaling EC2 Instance Launch Unsuccessful':
    case 'aws.autoscaling EC2 Instance Terminate Successful':
    case 'aws.autoscaling EC2 Instance Terminate Unsuccessful':
      return readNamed(detail['AutoScalingGroupName'], 'group');
    case 'aws.cloudwatch CloudWatch Alarm State Change':
      return readNamed(detail['alarmName'], 'alarm');
    default:
      return ignored('the event is of no known type');
  }
}

/** Only `sites/<name>.json`: a fixed form of key, from which no path is made. */
function readObjectEvent(detail: Fields): BellMessage {
  const key = fieldsOf(detail['object'])?.['key'];
  const site = typeof key === 'string' ? /^sites\/([a-z0-9-]{1,64})\.json$/.exec(key)?.[1] : undefined;
  return isSiteName(site) ? { kind: 'site', site } : ignored('the object is no document of a site');
}

function readStackEvent(detail: Fields, account: string, region: string): BellMessage {
  const stackId = detail['stack-id'];
  const parts = typeof stackId === 'string' && stackId.length < 2_048 ? stackId.split(':') : [];
  const [arn, , service, stackRegion, stackAccount, resource] = parts;
  if (arn !== 'arn' || service !== 'cloudformation' || resource === undefined)
    return ignored('the event names no stack');
  if (stackRegion !== region || stackAccount !== account) return ignored('the stack is of another account or region');
  const [type, stackName] = resource.split('/');
  const stack = type === 'stack' ? readStackName(stackName ?? '') : undefined;
  return stack === undefined ? ignored('the stack is of no site') : { kind: 'site', site: stack.site };
}

/** A name that CloudFormation made: stack, logical id and random letters. */
function readNamed(name: unknown, what: string): BellMessage {
  const stackName =
    typeof name === 'string' && name.length <= longestName ? name.replace(/-[A-Za-z0-9]+-[A-Za-z0-9]+$/, '') : '';
  const stack = readStackName(stackName);
  return stack === undefined ? ignored(`the ${what} is of no site`) : { kind: 'site', site: stack.site };
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longestToken;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no message, which the caller says.
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function ignored(reason: string): BellMessage {
  return { kind: 'ignored', reason };
}
