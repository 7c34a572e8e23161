import { Fn } from 'aws-cdk-lib/core';

const opening = '{{resolve:secretsmanager:';
const closing = ':SecretString:password}}';

/**
 * A reference that CloudFormation resolves when it makes the resource: the password is in no template and no parameter.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export function passwordReference(secretArn: string): string {
  return Fn.join('', [opening, secretArn, closing]);
}

/**
 * Holds a template, or values of its parameters, to the references that `passwordReference` made. CloudFormation resolves `{{...}}` in any text
 * with the rights of the execution role, so one that came out of a document would show a secret of the account to whoever wrote the document.
 *
 * @throws Error that names the place of any other `{{`
 */
export function refuseForeignReferences(value: unknown, place: string): void {
  if (typeof value === 'string') {
    if (value.includes('{{')) throw new Error(`${place}: a dynamic reference that the renderer did not make`);
    return;
  }
  if (typeof value !== 'object' || value === null || isOwnReference(value)) return;
  for (const [key, member] of Object.entries(value)) {
    refuseForeignReferences(key, `${place}, a key`);
    refuseForeignReferences(member, `${place}.${key}`);
  }
}

/** Exactly what `passwordReference` becomes: a text that a document brings has no `Ref` in its middle. */
function isOwnReference(value: object): boolean {
  const join: unknown = Object.keys(value).length === 1 ? Reflect.get(value, 'Fn::Join') : undefined;
  if (!Array.isArray(join) || join.length !== 2 || join[0] !== '' || !Array.isArray(join[1])) return false;
  const [first, secret, last, ...more]: unknown[] = join[1];
  return first === opening && last === closing && more.length === 0 && isRef(secret);
}

const isRef = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === 'Ref';
