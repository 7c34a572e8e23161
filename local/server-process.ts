import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const startSeconds = 60;
const logName = 'local-aws.log';

/** The Python that the set-up made. */
export const python = join(project, '.venv', 'bin', 'python');

/** Where a server logs, given its folder. */
export function logFileOf(stateDir: string): string {
  return join(stateDir, logName);
}

/** The environment of the server: its own, and nothing of this process but PATH. */
export function serverEnvironment(
  stateDir: string,
  region: string,
  timeScale: number,
  port = 0,
): Record<string, string> {
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

/** Start the server in a process group of its own, its log in a file. */
export function launch(stateDir: string, logFile: string, env: Record<string, string>): ChildProcess {
  const log = openSync(logFile, 'a');
  const server = spawn(python, ['-m', 'aws'], { cwd: stateDir, env, detached: true, stdio: ['pipe', 'pipe', log] });
  closeSync(log);
  return server;
}

/** The port on which a server that was launched answers. Throws with the end of its log when it does not start. */
export async function ready(server: ChildProcess, logFile: string): Promise<number> {
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

/** End a server and all that it started, remove its files, then say what was wrong with it or with its callers. */
export async function end(server: ChildProcess, stateDir: string, failOnViolations: boolean): Promise<void> {
  // Nothing but a failure of its own ends it with a code: it ends its process group, itself with it, by a signal.
  const crashed = server.exitCode !== null;
  const log = tail(logFileOf(stateDir));
  const violations = await readViolations(stateDir);
  await endGroup(server, stateDir);
  if (crashed) {
    throw new Error(`The local AWS ended by itself (code ${server.exitCode}):\n${log}`);
  }
  if (failOnViolations && violations.length > 0) {
    throw new Error(`Requests broke AWS's service models (each was refused):\n${violations.join('\n')}`);
  }
}

async function endGroup(server: ChildProcess, stateDir: string): Promise<void> {
  keepLog(stateDir);
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

/** LOCAL_AWS_LOG_DIR names a folder that gets each log before it is removed, to find out what went wrong in a test. */
function keepLog(stateDir: string): void {
  const folder = process.env['LOCAL_AWS_LOG_DIR'];
  if (folder) copyFileSync(logFileOf(stateDir), join(folder, `${basename(stateDir)}.log`));
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

/** The requests so far that broke AWS's service models, one sentence each. */
export async function readViolations(stateDir: string): Promise<string[]> {
  const file = join(stateDir, 'violations.log');
  if (!existsSync(file)) return [];
  const text = await readFile(file, 'utf8');
  return text.split('\n').filter((line) => line !== '');
}
