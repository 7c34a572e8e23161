import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EFSClient } from '@aws-sdk/client-efs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RDSClient } from '@aws-sdk/client-rds';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sqsBell } from '../../controller/aws/bell.ts';
import { autoScalingCapacity } from '../../controller/aws/capacity.ts';
import { clientOptions, renderCallOptions } from '../../controller/aws/clients.ts';
import { bucketDocuments } from '../../controller/aws/documents.ts';
import { healthReader } from '../../controller/aws/health.ts';
import { ssmImages } from '../../controller/aws/images.ts';
import { storedRenders } from '../../controller/aws/renders.ts';
import { cloudFormationStacks } from '../../controller/aws/stacks.ts';
import { dynamoStatuses } from '../../controller/aws/statuses.ts';
import { dueRows, dynamoWorkRows } from '../../controller/aws/work-rows.ts';
import { parseBellMessage } from '../../controller/work/message.ts';
import { systemClock } from '../clock.ts';
import { accountOf, readEnvironment } from '../environment.ts';
import { observe } from '../observability.ts';
import { answerBell } from './answer.ts';
import { answerBatch } from './batch.ts';

const environment = readEnvironment(process.env, [
  'AWS_REGION',
  'BUCKET_NAME',
  'EXECUTION_ROLE_ARN',
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_SERVICE_NAME',
  'RECONCILE_QUEUE_URL',
  'RENDERER_VERSION',
  'RENDER_FUNCTION_NAME',
  'TABLE_NAME',
]);
const region = environment.AWS_REGION;
const account = accountOf(environment.EXECUTION_ROLE_ARN);
const bucket = { client: new S3Client(clientOptions), bucketName: environment.BUCKET_NAME };
const table = { client: new DynamoDBClient(clientOptions), tableName: environment.TABLE_NAME };
const adapters = {
  rows: dynamoWorkRows(table),
  dueRows: (now: number, limit: number) => dueRows(table, now, limit),
  documents: bucketDocuments(bucket),
  renders: storedRenders({
    bucket,
    functions: new LambdaClient(renderCallOptions),
    functionName: environment.RENDER_FUNCTION_NAME,
    rendererVersion: environment.RENDERER_VERSION,
  }),
  images: ssmImages(new SSMClient(clientOptions)),
  stacks: cloudFormationStacks(new CloudFormationClient(clientOptions), {
    region,
    bucketName: environment.BUCKET_NAME,
    executionRoleArn: environment.EXECUTION_ROLE_ARN,
  }),
  capacity: autoScalingCapacity(new AutoScalingClient(clientOptions)),
  health: healthReader({
    loadBalancing: new ElasticLoadBalancingV2Client(clientOptions),
    databases: new RDSClient(clientOptions),
    caches: new ElastiCacheClient(clientOptions),
    fileSystems: new EFSClient(clientOptions),
  }),
  bell: sqsBell(new SQSClient(clientOptions), environment.RECONCILE_QUEUE_URL),
};

/** Reconcile's bell: documents, stacks, ticks, resyncs and manual requests, each a message that says where to look. */
export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const { log, metrics, publish } = observe(context);
  const ports = { ...adapters, statuses: dynamoStatuses(table, bucket, log), log, metrics };
  const answerContext = { region, clock: systemClock, jitter: Math.random };
  try {
    return await answerBatch(event.Records, {
      parse: (body) => parseBellMessage(body, { account, region }),
      answer: (ask, id) => answerBell(ask, `${context.awsRequestId}/${id}`, answerContext, ports),
      log,
    });
  } finally {
    publish();
  }
};
