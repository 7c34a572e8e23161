import { GetParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Images } from '../ports/documents.ts';
import { answered } from './transient.ts';

/** GetParameters takes at most ten names: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const namesPerCall = 10;

/** SSM parameters through the SDK: one call for up to ten names. */
export function ssmImages(client: Pick<SSMClient, 'send'>): Images {
  return {
    resolve: async (names) => {
      const distinct = [...new Set(names)];
      const found: Record<string, string> = {};
      for (let start = 0; start < distinct.length; start += namesPerCall) {
        const command = new GetParametersCommand({ Names: distinct.slice(start, start + namesPerCall) });
        const { Parameters } = await answered('GetParameters', client.send(command));
        for (const { Name, Value } of Parameters ?? []) {
          if (Name !== undefined && Value !== undefined) found[Name] = Value;
        }
      }
      return found;
    },
  };
}
