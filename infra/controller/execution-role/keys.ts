import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Grant } from '../grants.ts';
import { arnOf } from '../permissions.ts';
import { taggedAsOurs } from './scopes.ts';

/** What the services do with a key on the caller's behalf, and only then. */
const use = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:RetireGrant',
];
const useServices = ['backup', 'elasticache', 'elasticfilesystem', 'rds', 'secretsmanager', 'sns'];

/**
 * Keys: the sites' own are made and looked after, by their tag; the use of any key goes through a service that encrypts with it.
 *
 * @param actions every action of KMS that the registry asks for
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function keyGrants(scope: Construct, actions: readonly string[]): Grant[] {
  const keys = [arnOf(scope, 'kms', 'key/*')];
  const why = 'AWS chooses the ids of keys.';
  const { region, urlSuffix } = Stack.of(scope);
  const tagged = [
    'kms:EnableKey',
    'kms:EnableKeyRotation',
    'kms:PutKeyPolicy',
    'kms:UntagResource',
    'kms:UpdateKeyDescription',
  ];
  const rest = actions.filter((action) => ![...use, ...tagged, 'kms:CreateKey'].includes(action));
  return [
    {
      actions: use,
      resources: keys,
      why,
      conditions: {
        StringEquals: { 'kms:ViaService': useServices.map((service) => `${service}.${region}.${urlSuffix}`) },
      },
    },
    { actions: tagged, resources: keys, why, conditions: taggedAsOurs },
    { actions: rest, resources: keys, why },
    {
      actions: ['kms:CreateKey'],
      resources: ['*'],
      why: 'AWS has no resource for it: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html',
    },
  ];
}
