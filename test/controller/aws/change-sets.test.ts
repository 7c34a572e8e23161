import type { DescribeChangeSetOutput } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { changeSetState } from '../../../controller/aws/change-sets.ts';
import type { ChangeSetState } from '../../../controller/ports/stacks.ts';

const arn = 'arn:aws:cloudformation:eu-west-3:123456789012:changeSet/plan-1/1';

describe('the state of a change set', () => {
  const cases: [DescribeChangeSetOutput, ChangeSetState][] = [
    [{ Status: 'CREATE_PENDING' }, { kind: 'pending', arn }],
    [{ Status: 'CREATE_IN_PROGRESS' }, { kind: 'pending', arn }],
    [
      { Status: 'CREATE_COMPLETE', ExecutionStatus: 'UNAVAILABLE' },
      { kind: 'pending', arn },
    ],
    [
      { Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' },
      { kind: 'available', arn, changes: [] },
    ],
    [
      { Status: 'CREATE_COMPLETE', ExecutionStatus: 'OBSOLETE' },
      { kind: 'obsolete', arn },
    ],
    [
      { Status: 'CREATE_COMPLETE', ExecutionStatus: 'EXECUTE_IN_PROGRESS' },
      { kind: 'executed', arn, outcome: 'in-progress' },
    ],
    [
      { Status: 'CREATE_COMPLETE', ExecutionStatus: 'EXECUTE_COMPLETE' },
      { kind: 'executed', arn, outcome: 'complete' },
    ],
    [
      { Status: 'CREATE_COMPLETE', ExecutionStatus: 'EXECUTE_FAILED' },
      { kind: 'executed', arn, outcome: 'failed' },
    ],
    [
      { Status: 'FAILED', StatusReason: 'No updates are to be performed.' },
      { kind: 'no-changes', arn },
    ],
    [
      { Status: 'FAILED', StatusReason: 'Transform failed' },
      { kind: 'failed', arn, reason: 'Transform failed' },
    ],
    [{ Status: 'FAILED' }, { kind: 'failed', arn, reason: 'no reason given' }],
    [{ Status: 'DELETE_IN_PROGRESS' }, { kind: 'pending', arn }],
    [
      { Status: 'DELETE_FAILED', StatusReason: 'in use' },
      { kind: 'failed', arn, reason: 'in use' },
    ],
    [{ Status: 'DELETE_COMPLETE' }, { kind: 'absent' }],
  ];
  it.each(cases)('%j', (description, state) => {
    expect(changeSetState({ ChangeSetId: arn, ...description }, [])).toEqual(state);
  });
});

describe('its changes', () => {
  it('are told with cause, values and policy, in our words', () => {
    const state = changeSetState({ ChangeSetId: arn, Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' }, [
      { Type: 'Hook' as never },
      {
        Type: 'Resource',
        ResourceChange: {
          Action: 'Modify',
          LogicalResourceId: 'WebGroup',
          PhysicalResourceId: 'web',
          ResourceType: 'AWS::AutoScaling::AutoScalingGroup',
          Replacement: 'Conditional',
          PolicyAction: 'ReplaceAndDelete',
          Scope: ['Properties'],
          Details: [
            {
              Evaluation: 'Dynamic',
              ChangeSource: 'ResourceAttribute',
              CausingEntity: 'LaunchTemplate.LatestVersionNumber',
              Target: {
                Attribute: 'Properties',
                Name: 'LaunchTemplate',
                Path: '/Properties/LaunchTemplate/Version',
                RequiresRecreation: 'Conditionally',
                BeforeValue: '1',
                AfterValue: '{{changeSet:KNOWN_AFTER_APPLY}}',
              },
            },
            {},
          ],
        },
      },
    ]);
    expect(state.kind === 'available' && state.changes).toEqual([
      {
        action: 'Modify',
        logicalId: 'WebGroup',
        physicalId: 'web',
        resourceType: 'AWS::AutoScaling::AutoScalingGroup',
        replacement: 'Conditional',
        policyAction: 'ReplaceAndDelete',
        scope: ['Properties'],
        details: [
          {
            attribute: 'Properties',
            name: 'LaunchTemplate',
            path: '/Properties/LaunchTemplate/Version',
            requiresRecreation: 'Conditionally',
            evaluation: 'Dynamic',
            changeSource: 'ResourceAttribute',
            causingEntity: 'LaunchTemplate.LatestVersionNumber',
            beforeValue: '1',
            afterValue: '{{changeSet:KNOWN_AFTER_APPLY}}',
          },
          { attribute: '' },
        ],
      },
    ]);
  });

  it('without an action are refused, not guessed', () => {
    const description = { ChangeSetId: arn, Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE' } as const;
    const nameless = { ResourceChange: { LogicalResourceId: 'Vpc' } };
    expect(() => changeSetState(description, [nameless])).toThrow(/no action for Vpc/);
  });
});
