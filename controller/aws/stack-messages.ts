import { isCode } from './transient.ts';

/**
 * CloudFormation says much of what matters only in sentences. All matching of its words is here, and each has a recorded
 * sample in test/controller/aws/stack-messages.test.ts.
 */

/**
 * DescribeStacks, CreateChangeSet, DescribeChangeSet: the stack, or the change set, does not exist. A template that is
 * not in its bucket is a ValidationError with these words too, and does not count.
 */
export function isMissing(error: unknown): error is Error {
  if (isCode(error, 'ChangeSetNotFound')) return true;
  return isCode(error, 'ValidationError') && /^(stack|change ?set)\b.* does not exist/i.test(error.message);
}

/** Status reason of a FAILED change set that would change nothing: not a failure. */
export function saysNoChanges(statusReason: string): boolean {
  return /didn'?t contain changes|no updates are to be performed/i.test(statusReason);
}

/** CreateChangeSet: a change set of this name is there, whatever it contains. */
export function isNameTaken(error: unknown): error is Error {
  return isCode(error, 'AlreadyExists') && error.message.startsWith('ChangeSet');
}

/**
 * The stack is in an operation or in a state that allows none, the change set is not to be executed now, or a quota is
 * used up: somebody or time has to change that, calling again at once does not.
 */
export function isRefusal(error: unknown): error is Error {
  // A CREATE of a stack that was created meanwhile.
  if (isCode(error, 'AlreadyExists')) return error.message.startsWith('Stack');
  if (isCode(error, 'InvalidChangeSetStatus', 'LimitExceeded', 'OperationInProgress', 'TokenAlreadyExists'))
    return true;
  return (
    isCode(error, 'ValidationError') &&
    /\bis in (the )?\[?[A-Z_]+\]? (state|status)|cannot be executed/.test(error.message)
  );
}

/**
 * CloudFormation accepts neither this template nor these parameters. A template that it cannot fetch and a role that it
 * cannot assume are not the plan's fault, and stay errors.
 */
export function isRejection(error: unknown): error is Error {
  if (isCode(error, 'InsufficientCapabilities')) return true;
  if (!isCode(error, 'ValidationError')) return false;
  const elsewhere = /^S3 error|^Template not found|\brole\b.*(is invalid|cannot be assumed)/i.test(error.message);
  return !elsewhere && !isMissing(error) && !isRefusal(error);
}

/** Resource events that only follow another resource's failure. */
export function isCancellation(statusReason: string): boolean {
  return /^Resource (creation|update|deletion) cancelled/i.test(statusReason);
}
