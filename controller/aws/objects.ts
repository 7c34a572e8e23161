import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { answered, isCode } from './transient.ts';

/** The controller's bucket. */
export interface Bucket {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucketName: string;
}

/**
 * Opens one object, in one version of it or the current one. Undefined: there is none. The caller must read or destroy
 * the body, and needs `s3:ListBucket` besides `s3:GetObject`: without it S3 answers 403 for an object that is not there.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export async function openObject(
  { client, bucketName }: Bucket,
  key: string,
  versionId?: string,
): Promise<GetObjectCommandOutput | undefined> {
  try {
    const command = new GetObjectCommand({ Bucket: bucketName, Key: key, VersionId: versionId });
    return await answered(`GetObject ${key}`, client.send(command));
  } catch (error) {
    // MethodNotAllowed: the version is a delete marker.
    if (isCode(error, 'NoSuchKey', 'NoSuchVersion', 'MethodNotAllowed')) return undefined;
    throw error;
  }
}

/** The text of one object; undefined when there is none. */
export async function readText(bucket: Bucket, key: string): Promise<string | undefined> {
  const object = await openObject(bucket, key);
  return object?.Body === undefined ? undefined : await answered(`GetObject ${key}`, object.Body.transformToString());
}

/** Writes one object. */
export async function putText(
  { client, bucketName }: Bucket,
  key: string,
  text: string,
  contentType: string,
): Promise<void> {
  const command = new PutObjectCommand({ Bucket: bucketName, Key: key, Body: text, ContentType: contentType });
  await answered(`PutObject ${key}`, client.send(command));
}

/**
 * Writes one object unless one of this key exists, which is as good: the key names its content.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function putOnce(
  { client, bucketName }: Bucket,
  key: string,
  text: string,
  contentType: string,
): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: bucketName,
    Key: key,
    Body: text,
    ContentType: contentType,
    IfNoneMatch: '*',
  });
  try {
    await answered(`PutObject ${key}`, client.send(command));
  } catch (error) {
    if (!isCode(error, 'PreconditionFailed')) throw error;
  }
}

/** All keys below a prefix. */
export async function listKeys({ client, bucketName }: Bucket, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket: bucketName, Prefix: prefix, ContinuationToken: token });
    const page = await answered(`ListObjectsV2 ${prefix}`, client.send(command));
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys;
}
