import { assertNever } from '../../desired-state/assert-never.ts';
import type { StackState, StackStatus } from '../ports/stacks.ts';
import type { Reason } from '../status/conditions.ts';

/** What a stack's state allows us to do next. */
export type Footing =
  | { readonly kind: 'absent' }
  /** Never was *_COMPLETE: nothing of value exists, so operations keep what they made and are fixed forward. */
  | { readonly kind: 'first-create'; readonly changeSetType: 'CREATE' | 'UPDATE' }
  | { readonly kind: 'busy'; readonly status: StackStatus }
  | { readonly kind: 'settled' }
  | {
      readonly kind: 'unrecoverable';
      readonly status: StackStatus;
      readonly reason: Reason;
      readonly nextStep: string;
    };

const rolledBackCreate =
  'CloudFormation allows only its deletion: check that nothing in it is needed, delete it by hand, then request a reconciliation';

/** Whether a stack in this status has once been *_COMPLETE, by the status alone. */
function showsCompletion(status: StackStatus): boolean {
  return status === 'CREATE_COMPLETE' || /^(UPDATE_COMPLETE|UPDATE_ROLLBACK|IMPORT)/.test(status);
}

/**
 * Whether a stack was once *_COMPLETE. Termination protection goes on at that moment, so it tells even when our memory is lost.
 */
export function wasComplete(stack: StackState, hasApplied: boolean): boolean {
  if (stack.kind === 'absent' || stack.status === 'REVIEW_IN_PROGRESS' || stack.status === 'DELETE_COMPLETE')
    return false;
  return hasApplied || stack.terminationProtection || showsCompletion(stack.status);
}

/** Whether the last operation on a settled stack reached its goal. */
export function succeeded(status: StackStatus): boolean {
  return status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE' || status === 'IMPORT_COMPLETE';
}

/**
 * Reads a stack's status: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 *
 * @param hasApplied whether our memory knows a plan that the stack stands on
 */
export function footingOf(stack: StackState, hasApplied: boolean): Footing {
  if (stack.kind === 'absent') return { kind: 'absent' };
  const { status } = stack;
  switch (status) {
    case 'DELETE_COMPLETE':
      return { kind: 'absent' };
    case 'REVIEW_IN_PROGRESS':
      return { kind: 'first-create', changeSetType: 'CREATE' };
    case 'CREATE_FAILED':
      return { kind: 'first-create', changeSetType: 'UPDATE' };
    case 'UPDATE_FAILED':
      return wasComplete(stack, hasApplied)
        ? unrecoverable(status, 'StackRollbackFailed', 'continue or roll back the update by hand')
        : { kind: 'first-create', changeSetType: 'UPDATE' };
    case 'CREATE_COMPLETE':
    case 'UPDATE_COMPLETE':
    case 'UPDATE_ROLLBACK_COMPLETE':
    case 'IMPORT_COMPLETE':
    case 'IMPORT_ROLLBACK_COMPLETE':
      return { kind: 'settled' };
    case 'CREATE_IN_PROGRESS':
    case 'ROLLBACK_IN_PROGRESS':
    case 'DELETE_IN_PROGRESS':
    case 'UPDATE_IN_PROGRESS':
    case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
    case 'UPDATE_ROLLBACK_IN_PROGRESS':
    case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
    case 'IMPORT_IN_PROGRESS':
    case 'IMPORT_ROLLBACK_IN_PROGRESS':
      return { kind: 'busy', status };
    case 'UPDATE_ROLLBACK_FAILED':
      return unrecoverable(status, 'StackRollbackFailed', 'remove the cause and continue the update rollback');
    case 'IMPORT_ROLLBACK_FAILED':
      return unrecoverable(status, 'StackRollbackFailed', 'remove the cause and end the import by hand');
    case 'ROLLBACK_COMPLETE':
    case 'ROLLBACK_FAILED':
      return unrecoverable(status, 'UnrecoverableStackFailure', rolledBackCreate);
    case 'DELETE_FAILED':
      return unrecoverable(status, 'UnrecoverableStackFailure', 'its deletion was begun by hand: end it by hand');
    default:
      return assertNever(status);
  }
}

function unrecoverable(status: StackStatus, reason: Reason, nextStep: string): Footing {
  return { kind: 'unrecoverable', status, reason, nextStep };
}
