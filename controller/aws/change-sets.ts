import type {
  Change,
  DescribeChangeSetOutput,
  ResourceChangeDetail,
  ResourceChange as SdkResourceChange,
} from '@aws-sdk/client-cloudformation';
import type { ChangeDetail, ChangeSetState, ResourceChange } from '../ports/stacks.ts';
import { defined } from './defined.ts';
import { saysNoChanges } from './stack-messages.ts';

/**
 * Reads DescribeChangeSet's answer, all pages' changes together.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
 */
export function changeSetState(description: DescribeChangeSetOutput, changes: readonly Change[]): ChangeSetState {
  const arn = description.ChangeSetId ?? '';
  const reason = description.StatusReason ?? 'no reason given';
  switch (description.Status) {
    case 'DELETE_COMPLETE':
      return { kind: 'absent' };
    case 'FAILED':
      return saysNoChanges(reason) ? { kind: 'no-changes', arn } : { kind: 'failed', arn, reason };
    case 'DELETE_FAILED':
      return { kind: 'failed', arn, reason };
    case 'CREATE_COMPLETE':
      return completeState(description, arn, changes);
    default:
      // CREATE_PENDING, CREATE_IN_PROGRESS, and a deletion under way, which frees the name in a moment.
      return { kind: 'pending', arn };
  }
}

function completeState(description: DescribeChangeSetOutput, arn: string, changes: readonly Change[]): ChangeSetState {
  switch (description.ExecutionStatus) {
    case 'AVAILABLE':
      return { kind: 'available', arn, changes: changes.flatMap(resourceChange) };
    case 'OBSOLETE':
      return { kind: 'obsolete', arn };
    case 'EXECUTE_IN_PROGRESS':
      return { kind: 'executed', arn, outcome: 'in-progress' };
    case 'EXECUTE_COMPLETE':
      return { kind: 'executed', arn, outcome: 'complete' };
    case 'EXECUTE_FAILED':
      return { kind: 'executed', arn, outcome: 'failed' };
    default:
      // UNAVAILABLE: made, and not executable yet.
      return { kind: 'pending', arn };
  }
}

function resourceChange(change: Change): ResourceChange[] {
  const resource = change.ResourceChange;
  if (!resource) return [];
  return [
    {
      action: actionOf(resource),
      logicalId: resource.LogicalResourceId ?? '',
      resourceType: resource.ResourceType ?? '',
      scope: resource.Scope ?? [],
      details: (resource.Details ?? []).map(changeDetail),
      ...defined({
        physicalId: resource.PhysicalResourceId,
        replacement: resource.Replacement,
        policyAction: resource.PolicyAction,
      }),
    },
  ];
}

function actionOf(resource: SdkResourceChange): ResourceChange['action'] {
  if (resource.Action) return resource.Action;
  throw new Error(`DescribeChangeSet named no action for ${resource.LogicalResourceId ?? 'a resource'}.`);
}

function changeDetail(detail: ResourceChangeDetail): ChangeDetail {
  const target = detail.Target;
  return {
    attribute: target?.Attribute ?? '',
    ...defined({
      name: target?.Name,
      path: target?.Path,
      requiresRecreation: target?.RequiresRecreation,
      evaluation: detail.Evaluation,
      changeSource: detail.ChangeSource,
      causingEntity: detail.CausingEntity,
      beforeValue: target?.BeforeValue,
      afterValue: target?.AfterValue,
    }),
  };
}
