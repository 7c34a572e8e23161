import {
  type CloudFormationClient,
  DescribeStackEventsCommand,
  type DescribeStackEventsOutput,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import type { Stacks } from '../ports/stacks.ts';
import { isCancellation, isMissing } from './stack-messages.ts';
import { answered } from './transient.ts';

/** A page holds 100 events and an operation on 500 resources some 2,000: what failed first is not further away. */
const maxPages = 25;

type Failure = Awaited<ReturnType<Stacks['firstFailure']>>;

/**
 * The first resource failure of the stack's latest operation. Events come newest first, so it is the last one seen
 * before the event with which the operation began.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
 */
export async function firstFailure(client: Pick<CloudFormationClient, 'send'>, stackName: string): Promise<Failure> {
  let failure: Failure;
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await events(client, stackName, nextToken);
    for (const event of answer.StackEvents ?? []) {
      if (isFailure(event)) failure = failureOf(event);
      if (isBeginning(event)) return failure;
    }
    nextToken = answer.NextToken;
    if (nextToken === undefined) return failure;
  }
  return failure;
}

async function events(
  client: Pick<CloudFormationClient, 'send'>,
  stackName: string,
  nextToken: string | undefined,
): Promise<Pick<DescribeStackEventsOutput, 'StackEvents' | 'NextToken'>> {
  try {
    const command = new DescribeStackEventsCommand({ StackName: stackName, NextToken: nextToken });
    return await answered(`DescribeStackEvents ${stackName}`, client.send(command));
  } catch (error) {
    if (isMissing(error)) return {};
    throw error;
  }
}

const beginnings = new Set(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'IMPORT_IN_PROGRESS', 'DELETE_IN_PROGRESS']);

function isBeginning(event: StackEvent): boolean {
  return ofTheStack(event) && beginnings.has(event.ResourceStatus ?? '');
}

function isFailure(event: StackEvent): boolean {
  const failed = event.ResourceStatus?.endsWith('_FAILED') ?? false;
  return failed && !ofTheStack(event) && !isCancellation(event.ResourceStatusReason ?? '');
}

function ofTheStack(event: StackEvent): boolean {
  return event.PhysicalResourceId === event.StackId;
}

function failureOf(event: StackEvent): Failure {
  return {
    logicalId: event.LogicalResourceId ?? '',
    resourceType: event.ResourceType ?? '',
    reason: event.ResourceStatusReason ?? 'no reason given',
  };
}
