import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EC2Client, RegisterImageCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { LocalAws } from '../local-aws.ts';
import { rootCredentials } from './root-credentials.ts';

const imagesFolder = fileURLToPath(new URL('../images/', import.meta.url));

/** The node's image that the sites of this repository name, and the parameter that their documents refer to. */
const nodeImage = { folder: 'nextcloud-node', parameter: '/nextcloud-gitops/images/nextcloud-35-arm64' } as const;

/** Registers the node's image as its builder would: RegisterImage, then the parameter. */
export async function registerNodeImage(aws: LocalAws, tell: (line: string) => void): Promise<void> {
  const config = { endpoint: aws.endpoint, region: aws.region, credentials: rootCredentials(aws) };
  const ec2 = new EC2Client(config);
  const ssm = new SSMClient(config);
  const { folder, parameter } = nodeImage;
  const { ImageId } = await ec2.send(
    new RegisterImageCommand({ Name: folder, Architecture: 'arm64', ImageLocation: join(imagesFolder, folder) }),
  );
  if (!ImageId) throw new Error(`RegisterImage gave no id for ${folder}`);
  await ssm.send(new PutParameterCommand({ Name: parameter, Value: ImageId, Type: 'String' }));
  tell(`image ${folder} is ${ImageId}, named by ${parameter}`);
  ec2.destroy();
  ssm.destroy();
}
