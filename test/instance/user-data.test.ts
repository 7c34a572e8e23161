import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { healthPath } from '../../infra/site/load-balancer.ts';
import { packFiles } from '../../instance/pack-files.ts';
import { type UserDataInputs, userData, userDataLimitBytes } from '../../instance/user-data.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const files = new URL('../../instance/files/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, files), 'utf8');

const inputs: UserDataInputs = {
  nodeParameter: '/nextcloud-gitops/sites/production/node',
  agentParameter: '/nextcloud-gitops/sites/production/cloudwatch-agent',
  phpFpmChildren: 50,
  cronIntervalMinutes: 5,
  configurationDigest: '0123456789abcdef',
};
const longest: UserDataInputs = {
  ...inputs,
  nodeParameter: `/nextcloud-gitops/sites/${'a'.repeat(20)}/node`,
  agentParameter: `/nextcloud-gitops/sites/${'a'.repeat(20)}/cloudwatch-agent`,
  phpFpmChildren: 1000,
  cronIntervalMinutes: 60,
};

function shellcheck(script: string): string {
  const { status, stdout, stderr } = spawnSync(`${project}.venv/bin/shellcheck`, ['--shell', 'bash', '-'], {
    input: script,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${status} ${stdout}${stderr}`;
}

test('node-files.json is what files/ says (else: node instance/pack-files.ts)', () => {
  expect(readFileSync(new URL('../../instance/node-files.json', import.meta.url), 'utf8')).toBe(packFiles());
});

describe('the script', () => {
  test('fits into what EC2 takes, for the longest values too', () => {
    expect(Buffer.byteLength(userData(longest))).toBeLessThanOrEqual(userDataLimitBytes);
  });

  test('is clean for shellcheck, as a file and as a node gets it', () => {
    expect(shellcheck(read('user-data.sh').replace('@@FILES@@\n', ''))).toBe('');
    expect(shellcheck(userData(inputs))).toBe('');
    expect(shellcheck('echo $unquoted')).toContain('SC2086');
  });

  test('carries every file, filled in, and leaves no placeholder', () => {
    const text = userData(inputs);
    expect(text).not.toContain('@@');
    expect(text.match(/^END_OF_NODE_FILE$/gm)).toHaveLength(readdirSync(files).length - 1);
    expect(text).toContain('pm.max_children = 50');
    expect(text).toContain('OnUnitInactiveSec=5min');
    expect(text).toContain('configure-node" /nextcloud-gitops/sites/production/node');
    expect(text).toContain("<<'END_OF_NODE_FILE'\n#!/usr/bin/python3\n");
  });

  test.each([
    ['a shell command', { nodeParameter: '/a; rm -rf /' }],
    ['a substitution', { nodeParameter: '$(id)' }],
    ['a new line', { agentParameter: '/a\n/b' }],
    ['nothing', { configurationDigest: '' }],
  ])('refuses %s as a value', (_, change) => {
    expect(() => userData({ ...inputs, ...change })).toThrow(/is no value for @@/);
  });
});

describe('the files agree', () => {
  const nginx = read('nginx.conf');
  const pools = read('php-fpm.conf');

  test('nginx serves the health path that the load balancer asks', () => {
    expect(nginx).toContain(`location = ${healthPath} {`);
  });

  test('nginx speaks to the pools that PHP-FPM has', () => {
    const sockets = [...nginx.matchAll(/server unix:(\S+);/g)].map(([, socket]) => socket);
    expect(sockets).toEqual([...pools.matchAll(/^listen = (\S+)$/gm)].map(([, socket]) => socket));
    expect(sockets).toHaveLength(3);
  });

  test('units run what the user data installs', () => {
    const text = userData(inputs);
    expect(read('nextcloud-cron.service')).toContain('/opt/nextcloud-node/cron.php');
    expect(text).toContain('/dev/stdin /opt/nextcloud-node/cron.php');
    expect(text).toContain('/dev/stdin /opt/nextcloud-node/health.php');
  });
});
