import { describe, expect, it } from 'vitest';
import {
  isCancellation,
  isMissing,
  isNameTaken,
  isRefusal,
  isRejection,
  saysNoChanges,
} from '../../../controller/aws/stack-messages.ts';

// Recorded from CloudFormation (AWS's own, unless marked as the local AWS's): account, ids and names replaced.
const account = 'arn:aws:cloudformation:eu-west-3:123456789012';

function sdkError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

describe('isMissing', () => {
  const missing: [string, string][] = [
    ['ValidationError', 'Stack with id nextcloud-site-production-web does not exist'],
    ['ValidationError', 'Stack [nextcloud-site-production-web] does not exist'],
    ['ValidationError', `Stack '${account}:stack/a/1' does not exist`],
    ['ChangeSetNotFoundException', 'ChangeSet [plan-1] does not exist'],
    ['ChangeSetNotFound', 'ChangeSet [plan-1] does not exist'],
  ];
  it.each(missing)('%s: %s', (name, message) => expect(isMissing(sdkError(name, message))).toBe(true));

  const other: [string, string][] = [
    ['ValidationError', 'S3 error: The specified key does not exist.'],
    ['ValidationError', 'Role arn:aws:iam::123456789012:role/gone is invalid or cannot be assumed'],
    ['AccessDenied', 'User: arn:aws:sts::123456789012:assumed-role/a/b is not authorized'],
  ];
  it.each(other)('is something else: %s: %s', (name, message) =>
    expect(isMissing(sdkError(name, message))).toBe(false),
  );
});

describe('saysNoChanges', () => {
  it.each([
    "The submitted information didn't contain changes. Submit different information to create a change set.",
    'No updates are to be performed.',
  ])('%s', (reason) => expect(saysNoChanges(reason)).toBe(true));

  it.each([
    'Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document.',
    'Parameters: [ImageId] must have values',
  ])('is something else: %s', (reason) => expect(saysNoChanges(reason)).toBe(false));
});

describe('isNameTaken', () => {
  it.each([
    ['AlreadyExistsException', `ChangeSet plan-1 cannot be created due to a mismatch with existing attribute Template`],
    ['AlreadyExistsException', 'ChangeSet [plan-1] already exists'],
  ])('%s: %s', (name, message) => expect(isNameTaken(sdkError(name, message))).toBe(true));
});

describe('isRefusal', () => {
  const refusals: [string, string][] = [
    ['ValidationError', `Stack:${account}:stack/a/1 is in ROLLBACK_COMPLETE state and can not be updated.`],
    ['ValidationError', `Stack:${account}:stack/a/1 is in UPDATE_IN_PROGRESS state and can not be updated.`],
    [
      'InvalidChangeSetStatus',
      `ChangeSet [${account}:changeSet/p/1] cannot be executed in its current execution status of [OBSOLETE]`,
    ],
    ['InvalidChangeSetStatus', 'ChangeSet [...] cannot be executed in its current status of [CREATE_IN_PROGRESS]'],
    ['InvalidChangeSetStatusException', 'An operation on this ChangeSet is currently in progress.'],
    ['AlreadyExistsException', 'Stack [a] already exists and cannot be created again with the changeSet [plan-1].'],
    ['LimitExceededException', 'Limit on the number of stacks has been exceeded'],
  ];
  it.each(refusals)('%s: %s', (name, message) => expect(isRefusal(sdkError(name, message))).toBe(true));

  const other: [string, string][] = [
    ['InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]'],
    ['ValidationError', 'Template format error: At least one Resources member must be defined.'],
    ['ValidationError', 'S3 error: The specified key does not exist.'],
  ];
  it.each(other)('is a mistake of ours: %s: %s', (name, message) =>
    expect(isRefusal(sdkError(name, message))).toBe(false),
  );
});

describe('isRejection', () => {
  const rejections: [string, string][] = [
    ['InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]'],
    ['ValidationError', 'Template format error: At least one Resources member must be defined.'],
    ['ValidationError', 'Parameters: [ImageId] must have values'],
  ];
  it.each(rejections)('%s: %s', (name, message) => expect(isRejection(sdkError(name, message))).toBe(true));

  const other: [string, string][] = [
    ['ValidationError', 'S3 error: The specified key does not exist.'],
    ['ValidationError', 'Role arn:aws:iam::123456789012:role/gone is invalid or cannot be assumed'],
    ['ValidationError', `Stack:${account}:stack/a/1 is in UPDATE_IN_PROGRESS state and can not be updated.`],
    ['ValidationError', 'Stack [a] does not exist'],
    ['AccessDenied', 'User: arn:aws:sts::123456789012:assumed-role/a/b is not authorized'],
  ];
  it.each(other)('not the fault of the plan: %s: %s', (name, message) =>
    expect(isRejection(sdkError(name, message))).toBe(false),
  );
});

describe('isCancellation', () => {
  it('knows the resources that only follow', () => {
    expect(isCancellation('Resource creation cancelled')).toBe(true);
    expect(isCancellation('Resource update cancelled')).toBe(true);
    expect(isCancellation('Resource handler returned message: "Invalid request"')).toBe(false);
  });
});
