// A function that does what its event says, bundled and deployed by the tests beside it.
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

type Event =
  | { readonly act: 'describe' }
  | { readonly act: 'read'; readonly bucket: string; readonly key: string }
  | { readonly act: 'throw'; readonly message: string }
  | { readonly act: 'exit' }
  | { readonly act: 'wait'; readonly milliseconds: number };

const s3 = new S3Client({ forcePathStyle: true });

export async function handler(event: Event, context: { getRemainingTimeInMillis(): number }): Promise<unknown> {
  switch (event.act) {
    case 'describe':
      return {
        node: process.version,
        region: process.env['AWS_REGION'],
        greeting: process.env['GREETING'],
        variables: Object.keys(process.env),
        remaining: context.getRemainingTimeInMillis(),
      };
    case 'read': {
      const object = await s3.send(new GetObjectCommand({ Bucket: event.bucket, Key: event.key }));
      return object.Body?.transformToString();
    }
    case 'throw':
      throw new DocumentError(event.message);
    case 'exit':
      return process.exit(1);
    case 'wait':
      return new Promise((resolve) => setTimeout(resolve, event.milliseconds));
  }
}
