import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from '../../../local/local-aws.ts';
import { clientOptions, eventually, Stacks } from './stacks.ts';

type StackEvent = {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: { readonly 'status-details': { readonly status: string }; readonly 'client-request-token': string };
};

describe('the events of CloudFormation', () => {
  let aws: LocalAws;
  let stacks: Stacks;
  let sqs: SQSClient;
  let queueUrl: string;
  beforeAll(async () => {
    aws = await startLocalAws();
    stacks = new Stacks(aws);
    sqs = new SQSClient(clientOptions(aws));
    const events = new EventBridgeClient(clientOptions(aws));
    queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'events' }))).QueueUrl ?? '';
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
    );
    const arn = Attributes?.['QueueArn'];
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: arn },
      ],
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { Policy } }));
    await events.send(
      new PutRuleCommand({
        Name: 'stacks',
        EventPattern: JSON.stringify({
          source: ['aws.cloudformation'],
          'detail-type': ['CloudFormation Stack Status Change'],
        }),
      }),
    );
    await events.send(new PutTargetsCommand({ Rule: 'stacks', Targets: [{ Id: 'queue', Arn: arn }] }));
  });
  afterAll(() => aws?.stop());

  it('tell each status of a stack, with the token of the operation', async () => {
    const plan = await stacks.plan(
      'told',
      { Resources: { A: { Type: 'AWS::SNS::Topic' } } },
      { ChangeSetType: 'CREATE' },
    );
    await stacks.execute(plan, { ClientRequestToken: 'token-of-the-plan' });
    const received: StackEvent[] = [];
    await eventually(
      async () => {
        const { Messages } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
        );
        received.push(...(Messages ?? []).map(({ Body }): StackEvent => JSON.parse(Body ?? '')));
        return received.length;
      },
      (count) => count >= 3,
    );
    const told = received.map(({ resources, detail }) => [
      resources[0],
      detail['status-details'].status,
      detail['client-request-token'],
    ]);
    expect(told.sort()).toEqual(
      [
        [plan.StackId, 'REVIEW_IN_PROGRESS', ''],
        [plan.StackId, 'CREATE_IN_PROGRESS', 'token-of-the-plan'],
        [plan.StackId, 'CREATE_COMPLETE', 'token-of-the-plan'],
      ].sort(),
    );
  });
});
