import { CloudFormationClient, DescribeStacksCommand, type Output } from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import { siteName } from '../desired-state/site.ts';
import { asked } from './aws-error.ts';
import { CannotError, UsageError } from './exit.ts';

/** Options of the commands that talk to the controller. */
export const controllerOptions = {
  stack: { type: 'string', default: 'nextcloud-gitops' },
  bucket: { type: 'string' },
  'queue-url': { type: 'string' },
} as const;

/** What a person gave of where the controller is. */
export interface ControllerPlace {
  readonly stack: string;
  readonly bucket?: string | undefined;
  readonly 'queue-url'?: string | undefined;
}

type Part = 'BucketName' | 'ReconcileQueueUrl';

const given: Readonly<Record<Part, { readonly option: 'bucket' | 'queue-url'; readonly variable: string }>> = {
  BucketName: { option: 'bucket', variable: 'NEXTCLOUD_GITOPS_BUCKET' },
  ReconcileQueueUrl: { option: 'queue-url', variable: 'NEXTCLOUD_GITOPS_QUEUE_URL' },
};

/**
 * Where the controller's bucket or its bell is: by option, by environment, or by the outputs of the controller's stack.
 *
 * @returns the parts in the order asked for
 * @throws CannotError when the stack is not there or can't be asked
 */
export async function controllerParts<const P extends readonly Part[]>(
  place: ControllerPlace,
  parts: P,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ [K in keyof P]: string }> {
  let outputs: Promise<readonly Output[]> | undefined;
  const find = async (part: Part): Promise<string> => {
    const { option, variable } = given[part];
    const known = place[option] ?? env[variable];
    if (known !== undefined && known !== '') return known;
    outputs ??= outputsOf(place.stack);
    const value = (await outputs).find(({ OutputKey }) => OutputKey === part)?.OutputValue;
    if (value !== undefined) return value;
    throw new CannotError(`stack ${place.stack} has no output ${part}: is it the controller's? Else give --${option}`);
  };
  return (await Promise.all(parts.map(find))) as { [K in keyof P]: string };
}

async function outputsOf(stack: string): Promise<readonly Output[]> {
  const client = new CloudFormationClient({});
  try {
    const { Stacks } = await asked(`find stack ${stack}`, client.send(new DescribeStacksCommand({ StackName: stack })));
    return Stacks?.[0]?.Outputs ?? [];
  } catch (error) {
    if (!(error instanceof CannotError) || !/does not exist/.test(error.message)) throw error;
    const message = `there is no stack ${stack} in this account and region: deploy the controller with "cdk deploy", or give --stack`;
    throw new CannotError(message, { cause: error });
  } finally {
    client.destroy();
  }
}

/**
 * The name of a site from the command line: it becomes a part of an object's key.
 *
 * @throws UsageError when it can't be one
 */
export function siteNamed(text: string): string {
  if (v.is(siteName, text)) return text;
  throw new UsageError(`"${text}" can't be the name of a site: 2 to 20 lower-case letters, digits and single hyphens`);
}
