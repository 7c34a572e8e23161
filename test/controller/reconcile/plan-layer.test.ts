import { describe, expect, it } from 'vitest';
import type { StackState, StackStatus } from '../../../controller/ports/stacks.ts';
import { stackStatuses } from '../../../controller/ports/stacks.ts';
import type { LayerMemory } from '../../../controller/reconcile/memory.ts';
import { resolveInputs, type StoredLayer } from '../../../controller/reconcile/parameters.ts';
import { changeSetName, planLayer } from '../../../controller/reconcile/plan-layer.ts';

const layer: StoredLayer = {
  layer: 'web',
  stackName: 'nextcloud-site-prod-web',
  templateKey: 'rendered/prod/v1.r1/web.template.json',
  templateDigest: 'a'.repeat(64),
  parameters: [{ name: 'Subnet', from: 'value', value: 'subnet-1' }],
  tags: {},
};

function stackIn(status: StackStatus, more: Partial<Extract<StackState, { kind: 'present' }>> = {}): StackState {
  return {
    kind: 'present',
    stackId: 'arn:aws:cloudformation:eu-west-3:123456789012:stack/nextcloud-site-prod-web/1',
    status,
    changeSetId: 'arn:cs-1',
    parameters: {},
    outputs: {},
    terminationProtection: false,
    ...more,
  };
}

const inputs = resolveInputs(layer, { stacks: {}, images: {} }, undefined);
const identity = inputs.kind === 'known' ? inputs.identity : { templateDigest: '', parametersDigest: '' };
const applied: LayerMemory = { stackName: layer.stackName, applied: { ...identity, changeSetId: 'arn:cs-1' } };
const older: LayerMemory = {
  stackName: layer.stackName,
  applied: { ...identity, templateDigest: 'b'.repeat(64), changeSetId: 'arn:cs-1' },
};

function plan(stack: StackState, memory?: LayerMemory, of = layer) {
  return planLayer({
    layer: of,
    memory,
    seen: { stack },
    world: { stacks: { [of.layer]: stack }, images: {} },
    now: 0,
  });
}

describe('each state of a stack, when a plan is due', () => {
  // Never *_COMPLETE before: what is done about it, and by which type of change set.
  const table: Readonly<Record<StackStatus, string>> = {
    CREATE_IN_PROGRESS: 'busy',
    CREATE_FAILED: 'needs-change-set UPDATE',
    CREATE_COMPLETE: 'needs-change-set UPDATE',
    ROLLBACK_IN_PROGRESS: 'busy',
    ROLLBACK_FAILED: 'unrecoverable',
    ROLLBACK_COMPLETE: 'unrecoverable',
    DELETE_IN_PROGRESS: 'busy',
    DELETE_FAILED: 'unrecoverable',
    DELETE_COMPLETE: 'needs-change-set CREATE',
    UPDATE_IN_PROGRESS: 'busy',
    UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'busy',
    UPDATE_COMPLETE: 'needs-change-set UPDATE',
    UPDATE_FAILED: 'needs-change-set UPDATE',
    UPDATE_ROLLBACK_IN_PROGRESS: 'busy',
    UPDATE_ROLLBACK_FAILED: 'unrecoverable',
    UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'busy',
    UPDATE_ROLLBACK_COMPLETE: 'needs-change-set UPDATE',
    REVIEW_IN_PROGRESS: 'needs-change-set CREATE',
    IMPORT_IN_PROGRESS: 'busy',
    IMPORT_COMPLETE: 'needs-change-set UPDATE',
    IMPORT_ROLLBACK_IN_PROGRESS: 'busy',
    IMPORT_ROLLBACK_FAILED: 'unrecoverable',
    IMPORT_ROLLBACK_COMPLETE: 'needs-change-set UPDATE',
  };

  it.each(stackStatuses.map((status) => [status, table[status]] as const))('%s: %s', (status, expected) => {
    const found = plan(stackIn(status));
    expect(found.kind === 'needs-change-set' ? `${found.kind} ${found.wanted.type}` : found.kind).toBe(expected);
  });

  it('absent: a change set that creates it', () => {
    expect(plan({ kind: 'absent' })).toMatchObject({ kind: 'needs-change-set', wanted: { type: 'CREATE' } });
  });

  it('UPDATE_FAILED after it was once complete: for a person, since somebody else turned rollback off', () => {
    expect(plan(stackIn('UPDATE_FAILED', { terminationProtection: true }))).toMatchObject({ kind: 'unrecoverable' });
    expect(plan(stackIn('UPDATE_FAILED'), older)).toMatchObject({ kind: 'unrecoverable' });
  });
});

describe('in sync', () => {
  it.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE'] as const)(
    'without a change set when memory knows that the stack stands on the plan: %s',
    (status) => expect(plan(stackIn(status), applied)).toEqual({ kind: 'in-sync' }),
  );

  it('not when another change set was executed since', () => {
    expect(plan(stackIn('UPDATE_COMPLETE', { changeSetId: 'arn:cs-2' }), applied).kind).toBe('needs-change-set');
  });

  it('not when the template is another one', () => {
    expect(plan(stackIn('UPDATE_COMPLETE'), older).kind).toBe('needs-change-set');
  });
});

describe('data whose stack is gone', () => {
  it.each([{ kind: 'absent' } as const, stackIn('DELETE_COMPLETE'), stackIn('REVIEW_IN_PROGRESS')])(
    'is not created empty: %j',
    (stack) => {
      expect(plan(stack, applied, { ...layer, layer: 'data' })).toEqual({ kind: 'vanished' });
    },
  );
});

describe('changeSetName', () => {
  it('is a legal name that says plan and predecessor', () => {
    const name = changeSetName(identity, undefined);
    expect(name).toMatch(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/);
    expect(changeSetName(identity, undefined)).toBe(name);
    expect(changeSetName(identity, 'arn:cs-1')).not.toBe(name);
    expect(changeSetName({ ...identity, templateDigest: 'c' }, undefined)).not.toBe(name);
  });

  it('does not depend on what CloudFormation names while the stack is only reviewed', () => {
    const first = plan({ kind: 'absent' });
    const second = plan(stackIn('REVIEW_IN_PROGRESS', { changeSetId: 'arn:never-executed' }));
    expect(first.kind === 'needs-change-set' && second.kind === 'needs-change-set').toBe(true);
    expect('wanted' in second && second.wanted.name).toBe('wanted' in first && first.wanted.name);
  });
});
