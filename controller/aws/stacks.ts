import {
  type Change,
  type CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListStacksCommand,
  type StackStatus as SdkStackStatus,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import {
  type ChangeSetCreated,
  type ChangeSetExecuted,
  type ChangeSetRequest,
  type ChangeSetState,
  type StackState,
  type Stacks,
  stackStatuses,
} from '../ports/stacks.ts';
import { readStackName } from '../work/stack-name.ts';
import { changeSetState } from './change-sets.ts';
import { firstFailure } from './stack-events.ts';
import { isMissing, isNameTaken, isRefusal, isRejection } from './stack-messages.ts';
import { stackState } from './stack-states.ts';
import { answered } from './transient.ts';

/** What the adapter needs of the SDK's client. */
export type CloudFormation = Pick<CloudFormationClient, 'send'>;

/** Where templates lie and who may build from them. */
export interface StacksOptions {
  readonly region: string;
  /** The controller's bucket, in the same region. */
  readonly bucketName: string;
  /** Given with every change set: the role of the last operation would otherwise stay the stack's. */
  readonly executionRoleArn: string;
}

/** CloudFormation through the SDK. */
export function cloudFormationStacks(client: CloudFormation, options: StacksOptions): Stacks {
  return {
    describe: (stackName) => describe(client, stackName),
    createChangeSet: (request) => createChangeSet(client, options, request),
    describeChangeSet: (stackName, nameOrArn) => describeChangeSet(client, stackName, nameOrArn),
    executeChangeSet: (arn, clientToken, { disableRollback }) =>
      executeChangeSet(client, arn, clientToken, disableRollback),
    deleteChangeSet: (arn) => deleteChangeSet(client, arn),
    enableTerminationProtection: async (stackName) => {
      const command = new UpdateTerminationProtectionCommand({
        StackName: stackName,
        EnableTerminationProtection: true,
      });
      await answered(`UpdateTerminationProtection ${stackName}`, client.send(command));
    },
    firstFailure: (stackName) => firstFailure(client, stackName),
    listSites: () => listSites(client),
  };
}

async function describe(client: CloudFormation, stackName: string): Promise<StackState> {
  try {
    const command = new DescribeStacksCommand({ StackName: stackName });
    const { Stacks: stacks } = await answered(`DescribeStacks ${stackName}`, client.send(command));
    return stackState(stacks?.[0]);
  } catch (error) {
    if (isMissing(error)) return { kind: 'absent' };
    throw error;
  }
}

async function createChangeSet(
  client: CloudFormation,
  options: StacksOptions,
  request: ChangeSetRequest,
): Promise<ChangeSetCreated> {
  const command = new CreateChangeSetCommand({
    StackName: request.stackName,
    ChangeSetName: request.name,
    ChangeSetType: request.type,
    ClientToken: request.name,
    Description: request.description,
    TemplateURL: templateUrl(options, request.templateKey),
    Parameters: Object.entries(request.parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })),
    // The instance role of a site has a name of its own, on this product's path.
    Capabilities: ['CAPABILITY_NAMED_IAM'],
    RoleARN: options.executionRoleArn,
  });
  try {
    const { Id, StackId } = await answered(`CreateChangeSet ${request.stackName}`, client.send(command));
    if (!Id || !StackId) throw new Error(`CreateChangeSet ${request.stackName} answered without an id.`);
    return { kind: 'created', arn: Id, stackId: StackId };
  } catch (error) {
    if (isNameTaken(error)) return { kind: 'name-taken' };
    // An UPDATE of a stack that somebody deleted meanwhile is refused too, and looked at again.
    if (isRefusal(error) || isMissing(error)) return { kind: 'refused', reason: error.message };
    if (isRejection(error)) return { kind: 'rejected', reason: error.message };
    throw error;
  }
}

/** Path style: the bucket's name may contain dots, and it is the form that every partition and the local AWS read. */
function templateUrl({ region, bucketName }: StacksOptions, key: string): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://s3.${region}.${suffix}/${bucketName}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

async function describeChangeSet(
  client: CloudFormation,
  stackName: string,
  nameOrArn: string,
): Promise<ChangeSetState> {
  try {
    const changes: Change[] = [];
    let page: DescribeChangeSetOutput;
    let nextToken: string | undefined;
    do {
      const command = new DescribeChangeSetCommand({
        ChangeSetName: nameOrArn,
        // Once executed a change set is found by its ARN only, and with an ARN no stack's name is needed.
        StackName: nameOrArn.startsWith('arn:') ? undefined : stackName,
        IncludePropertyValues: true,
        NextToken: nextToken,
      });
      page = await answered(`DescribeChangeSet ${nameOrArn}`, client.send(command));
      changes.push(...(page.Changes ?? []));
      nextToken = page.NextToken;
    } while (nextToken !== undefined);
    return changeSetState(page, changes);
  } catch (error) {
    if (isMissing(error)) return { kind: 'absent' };
    throw error;
  }
}

async function executeChangeSet(
  client: CloudFormation,
  arn: string,
  clientToken: string,
  disableRollback: boolean,
): Promise<ChangeSetExecuted> {
  const command = new ExecuteChangeSetCommand({
    ChangeSetName: arn,
    ClientRequestToken: clientToken,
    DisableRollback: disableRollback,
  });
  try {
    await answered(`ExecuteChangeSet ${arn}`, client.send(command));
    return { kind: 'started' };
  } catch (error) {
    // Deleted by the execution of another one meanwhile: refused, and looked at again.
    if (isRefusal(error) || isMissing(error)) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

async function deleteChangeSet(client: CloudFormation, arn: string): Promise<void> {
  try {
    await answered(`DeleteChangeSet ${arn}`, client.send(new DeleteChangeSetCommand({ ChangeSetName: arn })));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

const existing: SdkStackStatus[] = stackStatuses.filter((status) => status !== 'DELETE_COMPLETE');

async function listSites(client: CloudFormation): Promise<readonly string[]> {
  const sites = new Set<string>();
  let nextToken: string | undefined;
  do {
    const command = new ListStacksCommand({ StackStatusFilter: existing, NextToken: nextToken });
    const page = await answered('ListStacks', client.send(command));
    for (const { StackName } of page.StackSummaries ?? []) {
      const stack = readStackName(StackName ?? '');
      if (stack !== undefined) sites.add(stack.site);
    }
    nextToken = page.NextToken;
  } while (nextToken !== undefined);
  return [...sites].sort();
}
