import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EC2Client, RegisterImageCommand } from '@aws-sdk/client-ec2';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { LocalAws } from '../local-aws.ts';

const imagesFolder = fileURLToPath(new URL('../images/', import.meta.url));

/** The images that the sites of this repository name: a folder of local/images and the SSM parameter that points to it. */
const images = [
  { folder: 'nextcloud-node', parameter: '/nextcloud-gitops/images/nextcloud/arm64' },
  { folder: 'bastion', parameter: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64' },
] as const;

/** Registers the images as their builder would: RegisterImage, then the parameter that documents refer to. */
export async function registerImages(aws: LocalAws, tell: (line: string) => void): Promise<void> {
  const config = {
    endpoint: aws.endpoint,
    region: aws.region,
    credentials: {
      accessKeyId: aws.env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: aws.env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  };
  const ec2 = new EC2Client(config);
  const ssm = new SSMClient(config);
  for (const { folder, parameter } of images) {
    const { ImageId } = await ec2.send(
      new RegisterImageCommand({ Name: folder, Architecture: 'arm64', ImageLocation: join(imagesFolder, folder) }),
    );
    if (!ImageId) throw new Error(`RegisterImage gave no id for ${folder}`);
    await ssm.send(new PutParameterCommand({ Name: parameter, Value: ImageId, Type: 'String', Overwrite: true }));
    tell(`image ${folder} is ${ImageId}, named by ${parameter}`);
  }
  ec2.destroy();
  ssm.destroy();
}
