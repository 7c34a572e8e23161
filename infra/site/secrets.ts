import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { passwordReference } from './dynamic-references.ts';
import type { LayerStack } from './layer-stack.ts';
import { retain } from './protection.ts';

/**
 * How every password of a site is generated. Frozen: another value here makes CloudFormation generate a new password, while the database and
 * the nodes keep the old one. Without punctuation, because the cache accepts only some of it.
 */
const frozenGeneration = {
  generateStringKey: 'password',
  passwordLength: 48,
  excludePunctuation: true,
  includeSpace: false,
  requireEachIncludedType: true,
} as const;

/** A secret `{"username": ..., "password": <generated>}` that outlives its stack and does not rotate. */
export function addGeneratedSecret(stack: LayerStack, id: string, username: string, description: string): CfnSecret {
  const secret = new CfnSecret(stack, id, {
    description,
    generateSecretString: { ...frozenGeneration, secretStringTemplate: JSON.stringify({ username }) },
  });
  retain(secret);
  return secret;
}

/** A secret without a value: who installs Nextcloud stores it once. */
export function addEmptySecret(stack: LayerStack, id: string, description: string): CfnSecret {
  const secret = new CfnSecret(stack, id, { description });
  retain(secret);
  return secret;
}

/** The password of a generated secret, by a reference: it is in no template and no parameter. */
export function passwordOf(secret: CfnSecret): string {
  return passwordReference(secret.ref);
}
