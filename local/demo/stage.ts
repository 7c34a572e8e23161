import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { EFSClient } from '@aws-sdk/client-efs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type LocalAws, startLocalAws } from '../local-aws.ts';
import { registerNodeImage } from './images.ts';
import { createOperator } from './operator-user.ts';
import type { Credentials } from './root-credentials.ts';

/** Clients with the credentials of a person who operates a site: may put documents and look, and nothing else. */
export interface OperatorClients {
  readonly autoScaling: AutoScalingClient;
  readonly cloudFormation: CloudFormationClient;
  readonly ec2: EC2Client;
  readonly efs: EFSClient;
  readonly elastiCache: ElastiCacheClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly logs: CloudWatchLogsClient;
  readonly rds: RDSClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
}

/** A local AWS with an account that is ready for the controller: images registered, an operator with credentials. */
export interface Stage {
  readonly aws: LocalAws;
  readonly operator: OperatorClients;
  readonly operatorCredentials: Credentials;
  close(): Promise<void>;
}

/** Starts the local AWS and prepares the account as its owner would, by AWS's API alone. */
export async function openStage(tell: (line: string) => void): Promise<Stage> {
  const aws = await startLocalAws({ log: tell });
  try {
    await registerNodeImage(aws, tell);
    const credentials = await createOperator(aws);
    tell('an operator with credentials of their own: may put documents and look, nothing else');
    return { aws, operator: clientsFor(aws, credentials), operatorCredentials: credentials, close: () => aws.stop() };
  } catch (error) {
    await aws.stop();
    throw error;
  }
}

function clientsFor(aws: LocalAws, credentials: Credentials): OperatorClients {
  const config = { endpoint: aws.endpoint, region: aws.region, credentials };
  return {
    autoScaling: new AutoScalingClient(config),
    cloudFormation: new CloudFormationClient(config),
    ec2: new EC2Client(config),
    efs: new EFSClient(config),
    elastiCache: new ElastiCacheClient(config),
    loadBalancing: new ElasticLoadBalancingV2Client(config),
    logs: new CloudWatchLogsClient(config),
    rds: new RDSClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
}
