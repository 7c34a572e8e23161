import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const python = join(project, '.venv', 'bin', 'python');
const startSeconds = 60;
const endingSignals = ['SIGINT', 'SIGTERM'] as const;

/** How to start a local AWS. */
export type LocalAwsOptions = {
  /** The region that its environment names (default eu-west-3); it answers for every region. */
  readonly region?: string;
  /** The factor on AWS's typical times until a resource is ready (default 0.002: 15 minutes take 1.8 s). */
  readonly timeScale?: number;
  /** The port on 127.0.0.1 (default: a free one). */
  readonly port?: number;
  /**
   * Whether `stop()` rejects when a request broke AWS's service models (default true). Such a request is refused in any
   * case; a person who tries tools by hand, or a test of the refusal itself, says false.
   */
  readonly failOnViolations?: boolean;
  /** Told what happens, a line at a time (default: nobody). */
  readonly log?: (line: string) => void;
};

/** A local AWS that is up, on loopback, with directories of its own. */
export type LocalAws = {
  /** `http://127.0.0.1:<port>`, for AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly region: string;
  /** The server's process: the leader of the process group of everything that it starts. */
  readonly pid: number;
  /** Everything that it writes; gone after `stop()`. */
  readonly stateDir: string;
  /** The server's log, in `stateDir`. */
  readonly logFile: string;
  /** What an AWS tool or SDK needs to call it as the account's root user, without the rest of this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The requests so far that break AWS's own service models, one sentence each. */
  violations(): Promise<string[]>;
  /** End every process that it started and remove every file; then reject when there were violations. Safe to call twice. */
  stop(): Promise<void>;
};

/**
 * Start a local AWS: MiniStack with this project's extension, IAM enforced, bound to 127.0.0.1 only.
 *
 * Resolves when it answers. It ends with `stop()`, with this process (also when that is killed: the server watches the
 * other end of its standard input), and on SIGINT or SIGTERM unless this process handles them itself. Every process that
 * it starts belongs to its process group.
 * Throws when the server cannot start, with the end of its log.
 */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  if (!existsSync(python)) {
    throw new Error(`${python} is missing: run 'node local/setup.mjs' to set the project up.`);
  }
  const region = options.region ?? 'eu-west-3';
  const timeScale = options.timeScale ?? 0.002;
  const log = options.log ?? (() => {});
  const stateDir = mkdtempSync(join(tmpdir(), 'local-aws-'));
  const logFile = join(stateDir, 'local-aws.log');
  const server = launch(stateDir, logFile, serverEnvironment(stateDir, region, timeScale, options.port));
  const stop = stopOnce(server, stateDir, options.failOnViolations ?? true);
  log(`local AWS: starting (readiness in ${timeScale} of AWS's typical times)`);
  let port: number;
  try {
    port = await ready(server, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  const endpoint = `http://127.0.0.1:${port}`;
  log(`local AWS: ready at ${endpoint}, region ${region}`);
  return {
    endpoint,
    region,
    pid: server.pid ?? 0,
    stateDir,
    logFile,
    env: clientEnvironment(endpoint, region),
    violations: () => readViolations(stateDir),
    stop,
  };
}

function clientEnvironment(endpoint: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function serverEnvironment(stateDir: string, region: string, timeScale: number, port = 0): Record<string, string> {
  const temporary = join(stateDir, 'tmp');
  const objects = join(stateDir, 's3');
  mkdirSync(temporary);
  mkdirSync(objects);
  return {
    // The project's Node first: functions run on it, whatever the machine has.
    PATH: [join(project, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
    HOME: stateDir,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    PYTHONPATH: join(project, 'local'),
    PYTHONDONTWRITEBYTECODE: '1',
    LOCAL_AWS_PORT: String(port),
    LOCAL_AWS_STATE_DIR: stateDir,
    LOCAL_AWS_TIME_SCALE: String(timeScale),
    STATE_DIR: join(stateDir, 'state'),
    S3_DATA_DIR: objects,
    MINISTACK_REGION: region,
    MINISTACK_HOST: '127.0.0.1',
    BIND_HOST: '127.0.0.1',
    AUTH: 'true',
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    DOCKER_HOST: `unix://${join(stateDir, 'no-docker')}`,
    LOG_LEVEL: process.env['LOCAL_AWS_LOG_LEVEL'] ?? 'INFO',
  };
}

function launch(stateDir: string, logFile: string, env: Record<string, string>): ChildProcess {
  // A process group of its own, so that everything it starts can be ended together.
  const log = openSync(logFile, 'a');
  const server = spawn(python, ['-m', 'aws'], { cwd: stateDir, env, detached: true, stdio: ['pipe', 'pipe', log] });
  closeSync(log);
  return server;
}

async function ready(server: ChildProcess, logFile: string): Promise<number> {
  const failed = new AbortController();
  const timeout = AbortSignal.timeout(startSeconds * 1000);
  const signal = AbortSignal.any([failed.signal, timeout]);
  server.once('error', (error) => failed.abort(error));
  server.once('exit', (code) => failed.abort(new Error(`it ended with code ${code}`)));
  if (!server.stdout) throw new Error('The local AWS was started without its standard output.');
  try {
    for await (const line of createInterface({ input: server.stdout, signal })) {
      const said: unknown = JSON.parse(line);
      if (typeof said === 'object' && said !== null && 'port' in said) return Number(said.port);
    }
    await once(server, 'exit');
    throw new Error(`it ended with code ${server.exitCode}`);
  } catch (cause) {
    const reason = signal.reason instanceof Error ? signal.reason : cause;
    throw new Error(
      `The local AWS did not start: ${reason instanceof Error ? reason.message : reason}\n${tail(logFile)}`,
      {
        cause,
      },
    );
  }
}

function tail(logFile: string): string {
  return existsSync(logFile) ? readFileSync(logFile, 'utf8').split('\n').slice(-40).join('\n') : '(no log)';
}

/** The local AWSs of this process that have not been stopped. */
const running = new Set<() => Promise<void>>();

function stopOnce(server: ChildProcess, stateDir: string, failOnViolations: boolean): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= end(server, stateDir, failOnViolations).finally(() => forget(stop));
    return stopping;
  };
  if (running.size === 0) for (const name of endingSignals) process.prependListener(name, endOnSignal);
  running.add(stop);
  return stop;
}

function forget(stop: () => Promise<void>): void {
  running.delete(stop);
  if (running.size === 0) for (const name of endingSignals) process.off(name, endOnSignal);
}

/** End as the signal wants, but leave nothing behind. A program with a handler of its own ends in its own way, by `stop()`. */
function endOnSignal(name: NodeJS.Signals): void {
  if (process.listenerCount(name) > 1) return;
  void Promise.allSettled([...running].map((stop) => stop())).then(() => process.kill(process.pid, name));
}

async function end(server: ChildProcess, stateDir: string, failOnViolations: boolean): Promise<void> {
  const violations = await readViolations(stateDir);
  await endGroup(server, stateDir);
  if (failOnViolations && violations.length > 0) {
    throw new Error(`Requests broke AWS's service models (each was refused):\n${violations.join('\n')}`);
  }
}

async function endGroup(server: ChildProcess, stateDir: string): Promise<void> {
  if (server.pid !== undefined && server.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit');
    server.stdin?.end();
    const impatient = setTimeout(() => killGroup(server), 5000);
    await ended;
    clearTimeout(impatient);
  }
  killGroup(server);
  rmSync(stateDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function killGroup(server: ChildProcess): void {
  if (server.pid === undefined) return;
  try {
    process.kill(-server.pid, 'SIGKILL');
  } catch (error) {
    // No process of the group is left: that is what we want.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function readViolations(stateDir: string): Promise<string[]> {
  const file = join(stateDir, 'violations.log');
  if (!existsSync(file)) return [];
  const text = await readFile(file, 'utf8');
  return text.split('\n').filter((line) => line !== '');
}
