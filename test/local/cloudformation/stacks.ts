import {
  type Change,
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type ExecuteChangeSetCommandInput,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import type { LocalAws } from '../../../local/local-aws.ts';

/** A template as an object: what the tests write. */
export type Template = {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Description?: string;
};

export type TemplateResource = {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Condition?: string;
};

/** The credentials and address of a local AWS, for an SDK client's constructor. */
export function clientOptions(aws: LocalAws) {
  return {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
}

const pollMilliseconds = 25;
const patienceMilliseconds = 30_000;

/** Ask again until `accept` says yes; throws with the last answer when it never does. */
export async function eventually<T>(ask: () => Promise<T>, accept: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + patienceMilliseconds;
  for (;;) {
    const answer = await ask();
    if (accept(answer)) return answer;
    if (Date.now() > end) throw new Error(`It never came to what was expected. Last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

/** Stacks driven through CloudFormation's API, as the controller drives them. */
export class Stacks {
  readonly client: CloudFormationClient;

  constructor(aws: LocalAws) {
    this.client = new CloudFormationClient(clientOptions(aws));
  }

  /** The stack, found by name or id; throws CloudFormation's error when there is none. */
  async describe(name: string): Promise<Stack> {
    const { Stacks: found } = await this.client.send(new DescribeStacksCommand({ StackName: name }));
    const stack = found?.[0];
    if (stack === undefined) throw new Error(`DescribeStacks of ${name} gave no stack`);
    return stack;
  }

  /** Make a change set and wait until it is made. */
  async plan(
    name: string,
    template: Template,
    more: Partial<CreateChangeSetCommandInput> = {},
  ): Promise<DescribeChangeSetCommandOutput> {
    const made = await this.client.send(
      new CreateChangeSetCommand({
        StackName: name,
        ChangeSetName: `plan-${crypto.randomUUID()}`,
        ChangeSetType: 'UPDATE',
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        ...(more.TemplateURL ? {} : { TemplateBody: JSON.stringify(template) }),
        ...more,
      }),
    );
    return this.changeSet(made.Id ?? '');
  }

  /** A change set by its ARN with its property values, once it is made. */
  async changeSet(arn: string): Promise<DescribeChangeSetCommandOutput> {
    return eventually(
      () => this.client.send(new DescribeChangeSetCommand({ ChangeSetName: arn, IncludePropertyValues: true })),
      (answer) => !answer.Status?.endsWith('_IN_PROGRESS'),
    );
  }

  /** Execute a change set and wait for the stack to settle. */
  async execute(
    changeSet: DescribeChangeSetCommandOutput,
    more: Partial<ExecuteChangeSetCommandInput> = {},
  ): Promise<Stack> {
    await this.client.send(new ExecuteChangeSetCommand({ ChangeSetName: changeSet.ChangeSetId ?? '', ...more }));
    return this.settled(changeSet.StackId ?? '');
  }

  /** The stack once nothing runs on it. */
  async settled(name: string): Promise<Stack> {
    return eventually(
      () => this.describe(name),
      (stack) => !stack.StackStatus?.endsWith('_IN_PROGRESS') || stack.StackStatus === 'REVIEW_IN_PROGRESS',
    );
  }

  /** Create a stack by a change set. */
  async create(name: string, template: Template, more: Partial<CreateChangeSetCommandInput> = {}): Promise<Stack> {
    return this.execute(await this.plan(name, template, { ChangeSetType: 'CREATE', ...more }));
  }

  /** Update a stack by a change set. */
  async update(name: string, template: Template, more: Partial<CreateChangeSetCommandInput> = {}): Promise<Stack> {
    return this.execute(await this.plan(name, template, more));
  }

  /** Delete a stack and wait until it is gone or has failed. */
  async remove(name: string): Promise<Stack> {
    const { StackId } = await this.describe(name);
    await this.client.send(new DeleteStackCommand({ StackName: name }));
    return eventually(
      () => this.describe(StackId ?? ''),
      (stack) => stack.StackStatus === 'DELETE_COMPLETE' || stack.StackStatus === 'DELETE_FAILED',
    );
  }

  /** Every event of a stack, oldest first. */
  async events(name: string): Promise<StackEvent[]> {
    const events: StackEvent[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.send(new DescribeStackEventsCommand({ StackName: name, NextToken: token }));
      events.push(...(page.StackEvents ?? []));
      token = page.NextToken;
    } while (token !== undefined);
    return events.reverse();
  }
}

/** A stack's outputs as an object. */
export function outputs(stack: Stack): Record<string, string> {
  return Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

/** The resource changes of a change set by logical id. */
export function changes(changeSet: DescribeChangeSetCommandOutput) {
  return Object.fromEntries(
    (changeSet.Changes ?? []).map(({ ResourceChange }: Change) => [ResourceChange?.LogicalResourceId, ResourceChange]),
  );
}
