import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, launch, logFileOf, python, readViolations, ready, serverEnvironment } from './server-process.ts';

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
  const logFile = logFileOf(stateDir);
  const server = launch(stateDir, logFile, serverEnvironment(stateDir, region, timeScale, options.port));
  const stop = stopOnce(server, stateDir, options.failOnViolations ?? true);
  log(`local AWS: starting (readiness in ${timeScale} of AWS's typical times)`);
  let port: number;
  try {
    port = await ready(server, logFile);
  } catch (error) {
    await Promise.allSettled([stop()]);
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
