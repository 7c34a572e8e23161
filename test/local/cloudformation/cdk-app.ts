// A small CDK app as users of the local AWS write them: its template goes through bootstrap's bucket and roles.

import { fileURLToPath } from 'node:url';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const app = new App();
const visibilitySeconds = Number(app.node.tryGetContext('visibilitySeconds'));
const stack = new Stack(app, 'app', { env: { account: '000000000000', region: 'eu-west-3' } });
new Bucket(stack, 'Bucket', {
  versioned: true,
  enforceSSL: true,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  removalPolicy: RemovalPolicy.DESTROY,
});
new TableV2(stack, 'Table', {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  removalPolicy: RemovalPolicy.DESTROY,
});
const queue = new Queue(stack, 'Queue', {
  visibilityTimeout: Duration.seconds(visibilitySeconds),
  deadLetterQueue: { queue: new Queue(stack, 'Dead'), maxReceiveCount: 5 },
});
const handler = new LambdaFunction(stack, 'Function', {
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  handler: 'index.handler',
  code: Code.fromAsset(fileURLToPath(new URL('./cdk-function', import.meta.url))),
});
handler.addEventSource(new SqsEventSource(queue, { maxConcurrency: 2, reportBatchItemFailures: true }));
app.synth();
