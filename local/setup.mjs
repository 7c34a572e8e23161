// Sets the project up on a fresh clone and runs a command in it: `node local/setup.mjs [-- command argument...]`.
//
// It runs before anything is installed, on whatever Node (>= 20) the machine has, so it uses Node's own modules only.
// Progress goes to standard error: standard output belongs to the command.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const venv = join(root, '.venv');
const venvPython = join(venv, 'bin', 'python');
const requirements = join(root, 'local', 'requirements.txt');
const oldestPython = [3, 10];

/** What is missing on this machine, in words for the person before it. */
class SetupError extends Error {}

await main();

async function main() {
  try {
    checkNode();
    if (pending().length > 0) await withLock(install);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`Cannot set the project up.\n${error.message}`);
    process.exit(2);
  }
  const separator = process.argv.indexOf('--');
  const command = separator < 0 ? [] : process.argv.slice(separator + 1);
  if (command.length > 0) run(command);
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    throw new SetupError(`Node.js ${process.versions.node} is too old: install Node.js 20 or newer, then try again.`);
  }
}

/** The parts that are not as the lock files want them. */
function pending() {
  const parts = [
    {
      name: 'packages for Node.js',
      stamp: join(root, 'node_modules', '.setup-stamp'),
      wanted: digest(['package.json', 'package-lock.json', '.npmrc']),
      install: installNodePackages,
    },
    {
      name: 'packages for Python',
      stamp: join(venv, '.setup-stamp'),
      wanted: digest(['local/requirements.txt']),
      install: installPythonPackages,
    },
  ];
  return parts.filter((part) => !existsSync(part.stamp) || readFileSync(part.stamp, 'utf8') !== part.wanted);
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(relevantText(file)).update('\0');
  return hash.digest('hex');
}

// Scripts may change without a new installation; what is installed may not.
function relevantText(file) {
  const text = readFileSync(join(root, file), 'utf8');
  if (file !== 'package.json') return text;
  const { dependencies, devDependencies, allowScripts } = JSON.parse(text);
  return JSON.stringify({ dependencies, devDependencies, allowScripts });
}

async function install() {
  const parts = pending();
  for (const [index, part] of parts.entries()) {
    const started = Date.now();
    say(`Set-up ${index + 1}/${parts.length}: ${part.name} ...`);
    await part.install();
    writeFileSync(part.stamp, part.wanted);
    say(`Set-up ${index + 1}/${parts.length}: ${part.name}, done in ${Math.round((Date.now() - started) / 1000)} s`);
  }
}

async function installNodePackages() {
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const result = await visibly(
    [...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error', '--foreground-scripts=false'],
    (line) => (line.startsWith('npm') ? undefined : line),
  );
  if (result.missing) throw new SetupError("npm is missing: install Node.js with npm (Debian: 'apt install npm').");
  if (result.code !== 0) {
    throw new SetupError(
      `'npm ci' failed (see above). ${networkHint(result.output) ?? "Run 'npm ci' by hand to see more."}`,
    );
  }
}

async function installPythonPackages() {
  if (!(await usableVenv())) {
    const python = findPython();
    say(`  with Python ${python.version} (${python.command})`);
    rmSync(venv, { recursive: true, force: true });
    await createVenv(python);
  }
  const pip = [venvPython, '-m', 'pip', '--disable-pip-version-check', '--no-input'];
  const result = await visibly(
    [...pip, 'install', '--progress-bar=off', '--prefer-binary', '--require-hashes', '-r', requirements],
    (line) => /^Collecting (\S+)/.exec(line)?.[1],
  );
  if (result.code !== 0) throw new SetupError(pipFailure(result.output));
}

async function usableVenv() {
  if (!existsSync(venvPython)) return false;
  const version = pythonVersion(venvPython);
  return (
    version !== undefined && isNewEnough(version) && spawnSync(venvPython, ['-m', 'pip', '--version']).status === 0
  );
}

/** The machine's Python, the one named by PYTHON first. */
function findPython() {
  const named = process.env.PYTHON;
  const candidates = named
    ? [named]
    : ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
  const found = candidates
    .map((command) => ({ command, version: pythonVersion(command) }))
    .filter((each) => each.version);
  const usable = found.find((each) => isNewEnough(each.version));
  if (usable) return usable;
  const have = found.map((each) => `${each.command} is Python ${each.version}`).join(', ');
  const wanted = `Python ${oldestPython.join('.')} or newer`;
  throw new SetupError(
    `${found.length > 0 ? `${have}: too old.` : `No Python was found (looked for ${candidates.join(', ')}).`}
Install ${wanted} (Debian and Ubuntu: 'apt install python3 python3-venv', macOS: 'brew install python'), or name one:
PYTHON=/path/to/python3 npm run demo`,
  );
}

function pythonVersion(command) {
  const result = spawnSync(command, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'], {
    encoding: 'utf8',
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldestPython[0] || (major === oldestPython[0] && minor >= oldestPython[1]);
}

async function createVenv(python) {
  const [major, minor] = python.version.split('.');
  // Debian ships Python without what a virtual environment needs to get pip.
  if (spawnSync(python.command, ['-c', 'import venv, ensurepip']).status !== 0) {
    throw new SetupError(
      `${python.command} (Python ${python.version}) comes without virtual environments.
Debian and Ubuntu: 'apt install python${major}.${minor}-venv'. Elsewhere: install Python with its 'venv' and 'ensurepip' modules.`,
    );
  }
  const result = await visibly([python.command, '-m', 'venv', venv], () => undefined);
  if (result.code !== 0) throw new SetupError(`'${python.command} -m venv ${venv}' failed (see above).`);
}

function pipFailure(output) {
  const network = networkHint(output);
  if (network) return `Python packages could not be fetched. ${network}`;
  if (
    /command '[^']*(gcc|cc|clang|g\+\+|cl\.exe|rustc)[^']*' failed|No such file or directory: '[^']*(cc|gcc|clang)'|compiler/i.test(
      output,
    )
  ) {
    return `A Python package has no ready-made build for this machine, and there is no compiler to build it.
Use another Python between 3.10 and 3.14 (PYTHON=/path/to/python3 npm run demo), or install a C compiler
(Debian and Ubuntu: 'apt install build-essential python3-dev', macOS: 'xcode-select --install').`;
  }
  if (/DO NOT MATCH THE HASHES/.test(output)) {
    return 'A Python package is not the one that local/requirements.txt names by its hash: it was changed on the way. Do not use it.';
  }
  if (/No matching distribution|Could not find a version/.test(output)) {
    return `A Python package of local/requirements.txt is not to be had for this Python or by this package index (see above).
Use another Python between 3.10 and 3.14: PYTHON=/path/to/python3 npm run demo`;
  }
  return "'pip install' failed (see above).";
}

function networkHint(output) {
  const signs =
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|NewConnectionError|Temporary failure in name resolution|Name or service not known|Max retries exceeded|ProxyError|ConnectTimeoutError|\(from versions: none\)/;
  return signs.test(output)
    ? 'There is no network, or it does not reach the package registries: connect it (or set the proxy), then try again.'
    : undefined;
}

/**
 * Run a command and keep its output to explain a failure. On standard error: the lines that `progress` makes of it as they
 * come, and the end of the whole when it fails.
 */
function visibly([command, ...args], progress) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const shown = progress(line);
        if (shown) say(`  ${shown}`);
      });
    }
    child.on('error', (error) => resolve({ code: 127, missing: error.code === 'ENOENT', output: String(error) }));
    child.on('close', (code) => {
      if (code !== 0) say(lines.slice(-30).join('\n'));
      resolve({ code, missing: false, output: lines.join('\n') });
    });
  });
}

/** One set-up at a time: a second one waits for the first, and takes over from one that died. */
async function withLock(work) {
  const lock = join(root, '.local', 'setup.lock');
  mkdirSync(join(root, '.local'), { recursive: true });
  for (let told = false; !tryLock(lock); told = true) {
    if (!told) say('Another set-up of this folder is running: waiting for it ...');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isAlive(readHolder(lock))) rmSync(lock, { force: true });
  return false;
}

function readHolder(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Run the command with the project's own Node and tools first on PATH; end as it ends. */
function run([command, ...args]) {
  const tools = [join(root, 'node_modules', '.bin'), join(venv, 'bin')];
  const env = { ...process.env, PATH: [...tools, process.env.PATH].join(delimiter) };
  const child = spawn(command, args, { env, stdio: 'inherit' });
  // A terminal sends Ctrl-C to the whole group: the command handles it, and we wait for its end.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    say(`Cannot run '${command}': ${error.message}`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
