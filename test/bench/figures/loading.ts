import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleFunctions, bundleHandler } from '../../../esbuild.config.mjs';
import { type Figure, figure, type Measure, median } from '../figure.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const runs = 9;

/** Loading a function's bundle, as a ratio to loading a bundle of nothing but the SDK clients that it uses. */
export const loading: Measure = async (tell) => {
  const folder = await mkdtemp(join(project, 'dist', 'bench-'));
  try {
    const figures: Figure[] = [];
    for (const { name, file } of await bundleFunctions()) {
      if (name === 'render') continue;
      const bare = await bareClients(name, folder);
      const ours: number[] = [];
      const theirs: number[] = [];
      // In turn, so that what else the machine does falls on both.
      for (let run = 0; run < runs; run += 1) {
        ours.push(loadMilliseconds(file));
        theirs.push(loadMilliseconds(bare));
      }
      tell(`${name}: ${median(ours).toFixed(0)} ms, its bare clients ${median(theirs).toFixed(0)} ms`);
      figures.push(figure(`load ${name} / bare SDK clients`, median(ours) / median(theirs), 'times', 1.5));
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Bundles a module that makes each SDK client of the function and imports the commands that it uses, the same way. */
async function bareClients(name: string, folder: string): Promise<string> {
  const meta = JSON.parse(await readFile(join(project, 'dist', 'meta', `${name}.json`), 'utf8')) as Metafile;
  const lines: string[] = [];
  for (const [index, [client, commands]] of [...clientsIn(meta)].entries()) {
    const [className] = Object.keys(await import(client)).filter((key) => /^[A-Z]\w+Client$/.test(key));
    lines.push(`import { ${[className, ...commands].join(', ')} } from '${client}';`);
    lines.push(`export const client${index} = [new ${className}({}), ${commands.join(', ')}];`);
  }
  const entry = join(folder, `${name}.mjs`);
  await writeFile(entry, lines.join('\n'));
  const { file } = await bundleHandler(relative(project, entry), join(folder, `${name}-bare`));
  return file;
}

interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, { bytesInOutput: number }>> }>>;
}

/** The SDK packages in a bundle, and the commands of each that it really carries. */
function clientsIn(meta: Metafile): ReadonlyMap<string, readonly string[]> {
  const clients = new Map<string, string[]>();
  for (const output of Object.values(meta.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const match = /node_modules\/(@aws-sdk\/client-[\w-]+)\/dist-es\/commands\/(\w+Command)\.js$/.exec(input);
      if (!match?.[1] || !match[2] || bytesInOutput === 0) continue;
      clients.set(match[1], [...(clients.get(match[1]) ?? []), match[2]]);
    }
  }
  return clients;
}

/** One cold load in a process of its own, as a function's environment is given; the process's own start is left out. */
function loadMilliseconds(file: string): number {
  const script = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(file).href)});console.log(performance.now()-t)`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...functionEnvironment, PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
  const milliseconds = Number(result.stdout.trim().split('\n').at(-1));
  if (result.status !== 0 || !Number.isFinite(milliseconds)) {
    throw new Error(`cannot load ${file}: ${result.stderr.slice(0, 2000)}`);
  }
  return milliseconds;
}

/** What the functions demand of their environment when they are loaded; nothing is called. */
const functionEnvironment = {
  AWS_REGION: 'eu-west-3',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  BUCKET_NAME: 'bucket',
  TABLE_NAME: 'table',
  TOPIC_ARN: 'arn:aws:sns:eu-west-3:000000000000:topic',
  RECONCILE_QUEUE_URL: 'https://sqs.eu-west-3.amazonaws.com/000000000000/queue',
  RENDER_FUNCTION_NAME: 'render',
  EXECUTION_ROLE_ARN: 'arn:aws:iam::000000000000:role/nextcloud-gitops/nextcloud-gitops-execution',
  RENDERER_VERSION: '0123456789abcdef',
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'bench',
};
