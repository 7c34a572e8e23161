import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const project = fileURLToPath(new URL('../../..', import.meta.url));
let stateDir: string;
beforeAll(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'requests-'));
});
afterAll(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

function run(script: string, ...args: string[]): { tried: number; wrong: unknown } {
  const env = { ...process.env, PYTHONPATH: join(project, 'local'), LOCAL_AWS_STATE_DIR: stateDir };
  const python = join(project, '.venv', 'bin', 'python');
  return JSON.parse(
    execFileSync(python, ['-B', join(import.meta.dirname, script), ...args], { env, encoding: 'utf8' }),
  );
}

// One of each protocol, and the services that a site and the controller use.
const services = [
  ...['ec2', 'autoscaling', 'elasticloadbalancing', 'cloudformation', 'rds', 'elasticache', 'iam', 'sts', 'sns'],
  ...['dynamodb', 'sqs', 'ssm', 'kms', 'secretsmanager', 'logs', 'events', 'acm', 'monitoring'],
  ...['lambda', 'scheduler', 'elasticfilesystem', 'backup', 'route53', 's3'],
];

test('a request as the SDK writes it is read as what it is, for every operation of every service that is used', () => {
  const { tried, wrong } = run('every_operation.py', ...services);
  expect(wrong).toEqual({});
  expect(tried).toBeGreaterThan(2000);
});

test('the check breaks on no bytes', () => {
  expect(run('any_bytes.py')).toEqual({ tried: 38_400, wrong: [] });
});
