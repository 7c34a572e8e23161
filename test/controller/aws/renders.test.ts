import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { storedRenders } from '../../../controller/aws/renders.ts';
import { TransientError } from '../../../controller/ports/errors.ts';

const functions = mockClient(LambdaClient);
const renders = storedRenders({
  bucket: { client: new S3Client(), bucketName: 'controller' },
  functions: new LambdaClient(),
  functionName: 'render',
  rendererVersion: 'r1',
});

beforeEach(() => functions.reset());

/** The answer of Lambda with this payload. */
function answers(payload: string, FunctionError?: string): void {
  const bytes = Object.assign(new TextEncoder().encode(payload), { transformToString: () => payload });
  functions.on(InvokeCommand).resolves({ Payload: bytes, FunctionError } as object);
}

it('calls the function with the site and the version, and waits for its outcome', async () => {
  answers('{"kind":"rendered","renderedDigest":"d1"}');
  expect(await renders.render('production', 'v1')).toEqual({ kind: 'rendered', renderedDigest: 'd1' });
  expect(functions.commandCalls(InvokeCommand)[0]?.args[0].input).toEqual({
    FunctionName: 'render',
    InvocationType: 'RequestResponse',
    Payload: '{"site":"production","versionId":"v1"}',
  });
});

it('passes on that the document is invalid, with its issues', async () => {
  const outcome = { kind: 'invalid', issues: [{ path: 'name', line: 3, column: 5, message: 'missing' }] };
  answers(JSON.stringify(outcome));
  expect(await renders.render('production', 'v1')).toEqual(outcome);
});

it('takes what was transient in there for transient here', async () => {
  answers('{"kind":"transient","message":"PutObject: SlowDown"}');
  await expect(renders.render('production', 'v1')).rejects.toThrow(TransientError);
});

it('throws any other error of the function, with the site and the version in its message', async () => {
  answers('{"errorType":"TypeError","errorMessage":"x is not a function"}', 'Unhandled');
  const error = await renders.render('production', 'v1').catch((reason: unknown) => reason);
  expect(error).not.toBeInstanceOf(TransientError);
  expect(error).toMatchObject({ message: 'render of site production, version v1: TypeError: x is not a function' });
});

it.each(['', 'Mock response', '"rendered"', '{"kind":"else"}', 'null'])('refuses the answer %j', async (payload) => {
  answers(payload);
  await expect(renders.render('production', 'v1')).rejects.toThrow(/render function answered/);
});
