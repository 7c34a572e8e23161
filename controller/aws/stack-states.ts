import type { Stack } from '@aws-sdk/client-cloudformation';
import { type StackState, type StackStatus, stackStatuses } from '../ports/stacks.ts';
import { defined } from './defined.ts';

const known: ReadonlySet<string> = new Set(stackStatuses);

/** Reads one stack of DescribeStacks. A deleted stack, which is still found by its id, is absent. */
export function stackState(stack: Stack | undefined): StackState {
  if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return { kind: 'absent' };
  const status = stack.StackStatus;
  if (!isStackStatus(status)) {
    throw new Error(
      `CloudFormation reports stack ${stack.StackName} as ${status}, which this controller does not know.`,
    );
  }
  return {
    kind: 'present',
    stackId: stack.StackId ?? '',
    status,
    parameters: Object.fromEntries((stack.Parameters ?? []).map((p) => [p.ParameterKey ?? '', p.ParameterValue ?? ''])),
    outputs: Object.fromEntries((stack.Outputs ?? []).map((o) => [o.OutputKey ?? '', o.OutputValue ?? ''])),
    terminationProtection: stack.EnableTerminationProtection ?? false,
    ...defined({
      statusReason: stack.StackStatusReason,
      changeSetId: stack.ChangeSetId,
      lastUpdatedAt: stack.LastUpdatedTime?.toISOString(),
    }),
  };
}

function isStackStatus(status: string | undefined): status is StackStatus {
  return status !== undefined && known.has(status);
}
