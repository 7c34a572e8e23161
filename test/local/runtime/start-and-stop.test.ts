import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { startLocalAws } from '../../../local/local-aws.ts';
import { root } from '../iam/assumed-role.ts';

const keeper = fileURLToPath(new URL('./keep-running.ts', import.meta.url));

test('two run side by side and know nothing of each other', async () => {
  const [one, two] = await Promise.all([startLocalAws(), startLocalAws()]);
  const buckets = async (aws: typeof one) =>
    (await new S3Client({ ...root(aws), forcePathStyle: true }).send(new ListBucketsCommand({}))).Buckets?.map(
      (bucket) => bucket.Name,
    );
  await new S3Client({ ...root(one), forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'only-in-one' }));
  expect(one.endpoint).not.toBe(two.endpoint);
  expect(await buckets(one)).toEqual(['only-in-one']);
  expect((await buckets(two)) ?? []).toEqual([]);
  await Promise.all([one.stop(), two.stop()]);
  expect(existsSync(one.stateDir) || existsSync(two.stateDir)).toBe(false);
});

test('it listens on loopback only', async () => {
  const aws = await startLocalAws();
  const port = Number(new URL(aws.endpoint).port);
  expect(await accepts('127.0.0.1', port)).toBe(true);
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && address.family === 'IPv4');
  for (const { address } of others) expect(await accepts(address, port)).toBe(false);
  expect(listening(aws.pid)).toEqual([`127.0.0.1:${port}`]);
  await aws.stop();
  expect(await accepts('127.0.0.1', port)).toBe(false);
});

test.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'when its parent ends by %s no process and no file is left',
  async (signal) => {
    const parent = spawn(process.execPath, [keeper], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { port, stateDir, pid: group } = await firstLine(parent);
    expect(members(group)).not.toEqual([]);
    expect(existsSync(stateDir)).toBe(true);
    parent.kill(signal);
    await once(parent, 'exit');
    await expect.poll(() => existsSync(stateDir), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => members(group).length, { timeout: 10_000 }).toBe(0);
    expect(await accepts('127.0.0.1', port)).toBe(false);
  },
);

test('one that was killed can still be stopped, and one that cannot listen does not start', async () => {
  const aws = await startLocalAws();
  const taken = startLocalAws({ port: Number(new URL(aws.endpoint).port) });
  await expect(taken).rejects.toThrow('The local AWS did not start');
  process.kill(aws.pid, 'SIGKILL');
  await expect.poll(() => members(aws.pid).length).toBe(0);
  await aws.stop();
  expect(existsSync(aws.stateDir)).toBe(false);
});

async function firstLine(parent: ChildProcess): Promise<{ port: number; stateDir: string; pid: number }> {
  if (!parent.stdout) throw new Error('the parent was started without its standard output');
  for await (const line of createInterface({ input: parent.stdout })) return JSON.parse(line);
  throw new Error('the parent ended before it had started a local AWS');
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2000 });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on('connect', () => answer(true));
    socket.on('error', () => answer(false));
    socket.on('timeout', () => answer(false));
  });
}

type Process = { readonly pid: number; readonly group: number; readonly state: string };

function processes(): Process[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat='], { encoding: 'utf8' });
  return listed
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, group, state]) => ({ pid: Number(pid), group: Number(group), state: state ?? '' }));
}

/** The live processes of a group: one that has ended and is not yet reaped is none. */
function members(group: number): Process[] {
  return processes().filter((each) => each.group === group && !each.state.startsWith('Z'));
}

/** The local addresses on which the processes of a group listen for TCP. */
function listening(group: number): string[] {
  const pids = members(group).map((each) => each.pid);
  if (process.platform === 'linux') return pids.flatMap(listeningOnLinux);
  const listed = execFileSync('lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-a', '-p', pids.join(',')], {
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(/\s+/)[8] ?? '');
}

function listeningOnLinux(pid: number): string[] {
  const sockets = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => socketInode(`/proc/${pid}/fd/${fd}`)));
  const lines = ['tcp', 'tcp6'].flatMap((kind) =>
    readFileSync(`/proc/${pid}/net/${kind}`, 'utf8').split('\n').slice(1),
  );
  const listens = '0A';
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listens && sockets.has(fields[9] ?? ''))
    .map((fields) => addressOf(fields[1] ?? ''));
}

function socketInode(link: string): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.[1] ?? 'no socket';
  } catch (error) {
    // Closed since it was listed: it was no listening socket, which stays.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'no socket';
    throw error;
  }
}

/** `0100007F:8E2F` (bytes of the machine's order) as `127.0.0.1:36399`. */
function addressOf(hex: string): string {
  const [address = '', port = ''] = hex.split(':');
  const bytes = [...Buffer.from(address, 'hex')].reverse();
  return `${bytes.join('.')}:${Number.parseInt(port, 16)}`;
}
