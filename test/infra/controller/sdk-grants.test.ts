import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { list, statements } from './template.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Package of the SDK to the prefix of its actions in IAM. */
const prefixes: Readonly<Record<string, string>> = {
  'auto-scaling': 'autoscaling',
  cloudformation: 'cloudformation',
  cloudwatch: 'cloudwatch',
  dynamodb: 'dynamodb',
  ec2: 'ec2',
  efs: 'elasticfilesystem',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  elasticache: 'elasticache',
  lambda: 'lambda',
  rds: 'rds',
  s3: 's3',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
};

/** Operations whose action has another name: https://docs.aws.amazon.com/service-authorization/latest/reference */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:TransactWriteItems': ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:HeadObject': ['s3:GetObject'],
  'sqs:SendMessageBatch': ['sqs:SendMessage'],
};

/** Every operation that the files of a folder import from the SDK, as its actions. */
function actionsOf(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((file) => {
    const source = readFileSync(join(root, folder, file), 'utf8');
    return [...source.matchAll(/import\s*\{([^}]*)\}\s*from '@aws-sdk\/client-([a-z0-9-]+)'/g)].flatMap(
      ([, names, client]) =>
        [...String(names).matchAll(/(?<!type )\b(\w+?)Command\b|\bpaginate(\w+)/g)].flatMap(
          ([, command, paginator]) => {
            const operation = `${prefixes[String(client)] ?? client}:${command ?? paginator}`;
            return otherNames[operation] ?? [operation];
          },
        ),
    );
  });
}

test('every operation that the adapters call is granted to a function', () => {
  const called = [...new Set([...actionsOf('controller/aws'), ...actionsOf('functions')])];
  expect(called.length).toBeGreaterThan(20);
  const granted = new Set(
    statements()
      .filter(({ id }) => /^(Render|Reconcile|Notify)Role/.test(id))
      .flatMap(({ statement }) => list(statement.Action)),
  );
  expect(called.filter((action) => !granted.has(action))).toEqual([]);
});
