import { describe, expect, it } from 'vitest';
import { answered, isCode, isTransient } from '../../../controller/aws/transient.ts';
import { TransientError } from '../../../controller/ports/errors.ts';

function foreign(fields: object): Error {
  return Object.assign(new Error('said the service'), fields);
}

describe('isTransient', () => {
  const transient: [string, object][] = [
    ['throttling of query services', { name: 'Throttling', $metadata: { httpStatusCode: 400 } }],
    ['throttling of JSON services', { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }],
    [
      'EC2 and Auto Scaling over the request rate',
      { name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 503 } },
    ],
    ['S3 under load', { name: 'SlowDown', $metadata: { httpStatusCode: 503 } }],
    ['two conditional writes of one key', { name: 'ConditionalRequestConflict', $metadata: { httpStatusCode: 409 } }],
    [
      'Auto Scaling busy with the group',
      { name: 'ScalingActivityInProgressFault', $metadata: { httpStatusCode: 400 } },
    ],
    ['any 5xx', { name: 'SomethingNew', $metadata: { httpStatusCode: 502 } }],
    ['a 5xx whose body could not be read', { name: 'SyntaxError', $response: { statusCode: 503 } }],
    ['a closed connection', { code: 'ECONNRESET' }],
    ['no name server', { code: 'EAI_AGAIN' }],
    ['our own timeout', { name: 'TimeoutError' }],
    [
      'a conflict of transactions',
      {
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
        $metadata: { httpStatusCode: 400 },
      },
    ],
  ];
  it.each(transient)('%s', (_, fields) => expect(isTransient(foreign(fields))).toBe(true));

  const final: [string, object][] = [
    ['no permission', { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }],
    ['a stack quota', { name: 'LimitExceededException', $metadata: { httpStatusCode: 400 } }],
    [
      'a failed condition of a transaction',
      {
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
        $metadata: { httpStatusCode: 400 },
      },
    ],
    ['a mistake of ours', { name: 'TypeError' }],
  ];
  it.each(final)('not %s', (_, fields) => expect(isTransient(foreign(fields))).toBe(false));

  it('not what is no error', () => expect(isTransient('Throttling')).toBe(false));
});

describe('answered', () => {
  it('names the operation and keeps the cause', async () => {
    const cause = foreign({ name: 'Throttling' });
    const error = await answered('DescribeStacks a', Promise.reject(cause)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ message: 'DescribeStacks a: Throttling: said the service', cause });
  });

  it('leaves every other error what it is', async () => {
    const error = foreign({ name: 'AccessDenied' });
    await expect(answered('DescribeStacks a', Promise.reject(error))).rejects.toBe(error);
  });
});

describe('isCode', () => {
  it('knows a code with and without the suffix that the SDK gives it', () => {
    expect(isCode(foreign({ name: 'DBInstanceNotFoundFault' }), 'DBInstanceNotFound')).toBe(true);
    expect(isCode(foreign({ name: 'TargetGroupNotFoundException' }), 'TargetGroupNotFound')).toBe(true);
    expect(isCode(foreign({ name: 'NoSuchKey' }), 'NoSuchKey')).toBe(true);
    expect(isCode(foreign({ name: 'NoSuchKeyEither' }), 'NoSuchKey')).toBe(false);
  });
});
