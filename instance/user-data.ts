/** What a node's user data is made from; no secret, and nothing that only AWS knows. */
export interface UserDataInputs {
  readonly site: string;
  readonly host: string;
  /** Name of the SSM parameter with the node's configuration. */
  readonly nodeParameter: string;
  /** Name of the SSM parameter with the CloudWatch agent's configuration. */
  readonly agentParameter: string;
  readonly nextcloudVersion: string;
  readonly phpFpmChildren: number;
  readonly cronIntervalMinutes: number;
  /** Changes whenever what the node reads from its parameter changes by a commit. */
  readonly configurationDigest: string;
}

export function userData(inputs: UserDataInputs): string {
  return `#!/bin/bash\n# ${inputs.configurationDigest}\n`;
}
