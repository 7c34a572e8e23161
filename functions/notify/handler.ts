import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { clientOptions } from '../../controller/aws/clients.ts';
import { snsPublisher } from '../../controller/aws/notifications.ts';
import { readStatusItems } from '../../controller/aws/statuses.ts';
import { readTold, rememberTold } from '../../controller/aws/told.ts';
import type { SiteStatus } from '../../controller/status/site-status.ts';
import type { Told } from '../../controller/status/told.ts';
import { readEnvironment } from '../environment.ts';
import { observe } from '../observability.ts';
import { writeFiles } from './files.ts';
import { tell } from './tell.ts';

const environment = readEnvironment(process.env, [
  'AWS_REGION',
  'BUCKET_NAME',
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_SERVICE_NAME',
  'TABLE_NAME',
  'TOPIC_ARN',
]);
const bucket = { client: new S3Client(clientOptions), bucketName: environment.BUCKET_NAME };
const table = { client: new DynamoDBClient(clientOptions), tableName: environment.TABLE_NAME };
const adapters = {
  writeFiles: (site: string, statuses: readonly SiteStatus[]) => writeFiles(bucket, site, statuses),
  publish: snsPublisher(new SNSClient(clientOptions), environment.TOPIC_ARN),
  rememberTold: (site: string, told: Told) => rememberTold(table, site, told),
};

/** The table's stream of status items: files for people, and notifications for those who subscribed. */
export const handler = (event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> => {
  const { log } = observe(context);
  return tell(event.Records, {
    ...adapters,
    statusesOf: (site) => readStatusItems(table, site, log),
    told: (site) => readTold(table, site, log),
    log,
  });
};
