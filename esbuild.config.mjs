// Bundles the Lambda functions: functions/<name>/handler.ts to dist/functions/<name>/index.mjs, everything in one file.
// `npm run build`, or `bundleFunctions()` from a script. The same sources give the same bytes.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

/** CommonJS packages in a bundle still ask for Node's modules by `require`, which an ES module does not have. */
const requireBanner =
  "import{createRequire as __createRequire}from'node:module';import{fileURLToPath as __toPath}from'node:url';" +
  'const require=__createRequire(import.meta.url);' +
  "const __filename=__toPath(import.meta.url),__dirname=__toPath(new URL('.',import.meta.url)).slice(0,-1);";

/** The WebAssembly module that aws-cdk-lib reads from beside the file that it is in. */
const cdkWasm = 'bindings_wasm_bg.wasm';

/**
 * Bundle functions for Lambda's nodejs24.x runtime.
 *
 * @param {{ names?: readonly string[], outDir?: string }} [options] `names`: which folders of functions/ (default: all);
 *   `outDir`: where to (default: dist/functions).
 * @returns {Promise<{ name: string, file: string, bytes: number }[]>} each bundle, by name; one whose
 *   sources have not changed is kept. The esbuild metafile of each is `<outDir>/../meta/<name>.json`.
 */
export async function bundleFunctions(options = {}) {
  const outDir = options.outDir ?? join(root, 'dist', 'functions');
  const names = options.names ?? (await functionNames());
  return Promise.all(names.map((name) => bundleFunction(name, outDir)));
}

async function functionNames() {
  const folders = await readdir(join(root, 'functions'), { withFileTypes: true });
  return folders
    .filter((folder) => folder.isDirectory() && existsSync(join(root, 'functions', folder.name, 'handler.ts')))
    .map((folder) => folder.name)
    .sort();
}

async function bundleFunction(name, outDir) {
  const folder = join(outDir, name);
  const file = join(folder, 'index.mjs');
  const metaFile = join(dirname(outDir), 'meta', `${name}.json`);
  if (!(await isFresh(file, metaFile))) {
    await mkdir(dirname(metaFile), { recursive: true });
    await rm(metaFile, { force: true });
    const { metafile } = await bundleHandler(join('functions', name, 'handler.ts'), folder);
    const made = { ...metafile, madeFrom: await digestOf(Object.keys(metafile.inputs)) };
    await writeFile(metaFile, JSON.stringify(made));
  }
  return { name, file, bytes: (await stat(file)).size };
}

// Bundling aws-cdk-lib takes seconds: a bundle whose every source is as it was is kept.
async function isFresh(file, metaFile) {
  if (!existsSync(file) || !existsSync(metaFile)) return false;
  const { inputs, madeFrom } = JSON.parse(await readFile(metaFile, 'utf8'));
  return (
    Object.keys(inputs).every((input) => existsSync(join(root, input))) &&
    madeFrom === (await digestOf(Object.keys(inputs)))
  );
}

async function digestOf(inputs) {
  const hash = createHash('sha256');
  for (const input of ['esbuild.config.mjs', 'package-lock.json', 'tsconfig.json', ...inputs.toSorted()]) {
    hash
      .update(input)
      .update('\0')
      .update(await readFile(join(root, input)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * Bundle one handler to `<folder>/index.mjs`, replacing what is in the folder.
 *
 * @param {string} entryPoint the handler's file, relative to the project
 * @param {string} folder where to
 */
export async function bundleHandler(entryPoint, folder) {
  const file = join(folder, 'index.mjs');
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outfile: file,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    charset: 'utf8',
    metafile: true,
    banner: { js: requireBanner },
    logLevel: 'warning',
  });
  const loader = Object.keys(metafile.inputs).find((input) =>
    input.endsWith('cloudformation-validate/bindings_wasm.js'),
  );
  if (loader) await copyFile(join(root, dirname(loader), cdkWasm), join(folder, cdkWasm));
  return { file, bytes: (await stat(file)).size, metafile };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, bytes } of await bundleFunctions()) {
    console.log(`${name.padEnd(12)} ${(bytes / 1000).toFixed(0).padStart(7)} kB`);
  }
}
