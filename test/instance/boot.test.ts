import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { userData } from '../../instance/user-data.ts';

/**
 * The real script and the real configure-node, in a folder that stands for the root of the node's disk. Only what a test machine does not have is
 * played: AWS, the mount helper, and the service manager.
 */
const python = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));

const secrets = {
  'arn:database': { username: 'nextcloud', password: 'DatabasePassword1' },
  'arn:cache': { username: 'default', password: 'CachePassword1' },
};
const installation = { instanceid: 'oc1', passwordsalt: 'SaltSalt1', secret: 'SecretSecret1', version: '35.0.1.1' };

const nodeParameter = {
  site: 'production',
  host: 'cloud.example.com',
  trustedProxies: ['10.20.0.0/20'],
  database: { host: 'db.internal', port: '3306', name: 'nextcloud', secretArn: 'arn:database' },
  cache: { host: 'cache.internal', port: '6379', secretArn: 'arn:cache' },
  fileSystem: { id: 'fs-1', accessPointId: 'fsap-1' },
  installationSecretArn: 'arn:installation',
  bucket: { name: 'bucket', prefix: 'nodes/' },
  nextcloud: {
    version: '35.0.1',
    apps: [],
    config: { default_language: "fr'\n$x", trusted_domains: ['evil'] },
    cronProcesses: 1,
  },
};

interface Machine {
  /** What `aws` answers, by `<service> <action> <id or name>`; a string beginning with `!` is an error. */
  readonly aws: Readonly<Record<string, string>>;
  /** Type of file system that `mount` brings about; empty for the helper that exits 0 and mounts nothing. */
  readonly mounted: string;
  readonly imageVersion: string;
}

const answer = (value: unknown) => JSON.stringify({ SecretString: JSON.stringify(value) });
const noValue = "!An error occurred (ResourceNotFoundException): can't find the value for staging label: AWSCURRENT";

const machine: Machine = {
  aws: {
    'ssm get-parameter /nextcloud-gitops/sites/production/node': JSON.stringify({
      Parameter: { Value: JSON.stringify(nodeParameter) },
    }),
    'secretsmanager get-secret-value arn:database': answer(secrets['arn:database']),
    'secretsmanager get-secret-value arn:cache': answer(secrets['arn:cache']),
    'secretsmanager get-secret-value arn:installation': answer(installation),
  },
  mounted: 'nfs4',
  imageVersion: '35.0.1',
};

const stubs: Readonly<Record<string, string>> = {
  curl: 'case "$*" in *api/token*) echo token ;; *placement/region*) echo eu-west-3 ;; *instance-id*) echo i-1 ;; *-o*) echo bundle >"$5" ;; esac',
  aws: 'file="$ROOT/aws/$(printf %s "$1 $2 $4" | tr / _)"\n[ -e "$file" ] || { echo "AccessDenied for $1 $2" >&2; exit 254; }\nif [ "$(head -c 1 "$file")" = "!" ]; then cat "$file" >&2; exit 254; fi\ncat "$file"',
  mount:
    'type=$(cat "$ROOT/mounted")\n[ -z "$type" ] || echo "36 25 0:32 / $1 rw,relatime shared:1 - $type 127.0.0.1:/ rw,port=20049" >>"$ROOT/proc/self/mountinfo"',
  systemctl: 'echo "systemctl $*" >>"$ROOT/calls"',
  'amazon-cloudwatch-agent-ctl': 'echo "agent $*" >>"$ROOT/calls"',
  getent: 'exit 0',
  sleep: 'exit 0',
  // The test's user can give files to nobody else.
  install:
    'for argument; do shift; case "$argument" in -o | -g) skip=1 ;; *) [ -n "$skip" ] || set -- "$@" "$argument"; skip= ;; esac; done\nexec "$INSTALL" "$@"',
};

let root = '';
afterEach(() => rmSync(root, { recursive: true, force: true }));

function prepared({ aws, mounted, imageVersion }: Machine): string {
  root = mkdtempSync(join(tmpdir(), 'node-'));
  for (const folder of ['bin', 'aws', 'etc/php-fpm.d', 'proc/self', 'var/www/nextcloud', 'mnt']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const [name, body] of Object.entries(stubs)) {
    writeFileSync(join(root, 'bin', name), `#!/bin/bash\n${body}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  }
  for (const [call, text] of Object.entries(aws)) writeFileSync(join(root, 'aws', call.replaceAll('/', '_')), text);
  writeFileSync(join(root, 'mounted'), mounted);
  writeFileSync(join(root, 'etc/fstab'), '');
  writeFileSync(join(root, 'etc/php-fpm.d/www.conf'), '[www]');
  writeFileSync(join(root, 'proc/self/mountinfo'), '25 1 259:1 / / rw - xfs /dev/nvme0n1p1 rw\n');
  writeFileSync(join(root, 'var/www/nextcloud/version.php'), `<?php\n$OC_VersionString = '${imageVersion}';\n`);
  return userData({
    nodeParameter: '/nextcloud-gitops/sites/production/node',
    agentParameter: '/nextcloud-gitops/sites/production/cloudwatch-agent',
    phpFpmChildren: 8,
    cronIntervalMinutes: 5,
    configurationDigest: '0123456789abcdef',
  })
    .replaceAll(/(?<![\w./-])\/(etc|opt|var|mnt|proc)\//g, (_, folder: string) => `${root}/${folder}/`)
    .replace('#!/usr/bin/python3', `#!${python}`)
    .replace('os.chown(temporary, owner, owner)', 'pass');
}

function boot(change: Partial<Machine> = {}): { readonly status: number | null; readonly output: string } {
  const script = prepared({ ...machine, ...change });
  const install = spawnSync('bash', ['-c', 'command -v install'], { encoding: 'utf8' }).stdout.trim();
  const { status, stdout, stderr } = spawnSync('bash', ['-s'], {
    input: script,
    encoding: 'utf8',
    env: { PATH: `${root}/bin:${process.env['PATH']}`, ROOT: root, INSTALL: install },
  });
  return { status, output: `${stdout}${stderr}` };
}

const file = (path: string) => readFileSync(join(root, path), 'utf8');
const installed = 'var/lib/nextcloud-node/installed';
const marker = 'var/lib/nextcloud-node/boot-complete';

/** The JSON that a PHP configuration file carries. */
const phpConfig = (path: string) => JSON.parse(file(path).split('\n')[2] ?? '');

describe.skipIf(process.platform !== 'linux')('first boot', () => {
  test('mounts, configures, starts the services, and leaves the end marker last', () => {
    const { status, output } = boot();
    expect({ status, output }).toEqual({ status: 0, output: '' });
    expect(file('etc/fstab')).toBe(
      `fs-1:/ ${root}/mnt/nextcloud efs _netdev,noresvport,tls,iam,accesspoint=fsap-1 0 0\n`,
    );
    expect(existsSync(join(root, 'mnt/nextcloud/data'))).toBe(true);
    expect(file('calls').trim().split('\n')).toEqual([
      'systemctl daemon-reload',
      'agent -a fetch-config -m ec2 -s -c ssm:/nextcloud-gitops/sites/production/cloudwatch-agent',
      'systemctl enable php-fpm nginx nextcloud-cron.timer',
      'systemctl restart php-fpm nginx',
      'systemctl start nextcloud-cron.timer',
    ]);
    expect(file(marker)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 0123456789abcdef\n$/);
    expect(existsSync(join(root, 'etc/php-fpm.d/www.conf'))).toBe(false);
  });

  test("writes the site's configuration: the document's settings, but never over the infrastructure's", () => {
    boot();
    expect(phpConfig('etc/nextcloud/site.config.php')).toMatchObject({
      default_language: "fr'\n$x",
      trusted_domains: ['cloud.example.com'],
      trusted_proxies: ['10.20.0.0/20'],
      overwriteprotocol: 'https',
      dbhost: 'db.internal:3306',
      dbuser: 'nextcloud',
      dbpassword: 'DatabasePassword1',
      datadirectory: `${root}/mnt/nextcloud/data`,
      'memcache.locking': '\\OC\\Memcache\\Redis',
      redis: { host: 'tls://cache.internal', port: 6379, password: 'CachePassword1' },
      config_is_read_only: true,
      appstoreenabled: false,
    });
    expect(file('etc/nextcloud/site.config.php')).toContain("$CONFIG['dbdriveroptions']");
    expect(existsSync(join(root, installed))).toBe(true);
    expect(phpConfig('etc/nextcloud/config.php')).toEqual({ ...installation, installed: true });
    expect(file('etc/php-fpm.d/session.conf')).toContain('tls://cache.internal:6379?auth[]=CachePassword1');
    const [, serverId = ''] = /NC_serverid=(\d+)/.exec(file('etc/nextcloud/environment')) ?? [];
    expect(Number(serverId)).toBeLessThan(512);
  });

  test('a site that is not installed yet has no config.php, and the node waits', () => {
    const { status, output } = boot({
      aws: { ...machine.aws, 'secretsmanager get-secret-value arn:installation': noValue },
    });
    expect(status).toBe(0);
    expect(output).toContain('not installed yet');
    expect(existsSync(join(root, 'etc/nextcloud/config.php'))).toBe(false);
    expect(existsSync(join(root, installed))).toBe(false);
    expect(phpConfig('etc/nextcloud/site.config.php')).toMatchObject({ config_is_read_only: false });
    expect(existsSync(join(root, marker))).toBe(true);
  });

  test.each([
    ['the helper says nothing and mounts nothing', { mounted: '' }, /not mounted at/],
    ['something else is mounted there', { mounted: 'tmpfs' }, /not mounted at/],
    [
      'the image has another version',
      { imageVersion: '35.0.2' },
      /the document says Nextcloud 35\.0\.1, the image has another/,
    ],
    [
      'a secret may not be read',
      { aws: { ...machine.aws, 'secretsmanager get-secret-value arn:cache': '!AccessDenied' } },
      /AccessDenied/,
    ],
    ['the parameter is missing', { aws: {} }, /AccessDenied for ssm get-parameter/],
  ])('when %s it stops, says why, starts nothing and leaves no marker', (_, change, reason) => {
    const { status, output } = boot(change);
    expect(status).toBe(1);
    expect(output).toMatch(reason);
    expect(existsSync(join(root, marker))).toBe(false);
    expect(existsSync(join(root, 'calls')) ? file('calls') : '').not.toContain('restart');
  });

  test('says no secret', () => {
    for (const change of [{}, { mounted: '' }]) {
      expect(boot(change).output).not.toMatch(/DatabasePassword1|CachePassword1|SaltSalt1|SecretSecret1/);
    }
  });
});
