import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalAws } from '../../local/local-aws.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** The same stacks by `cdk deploy`, as one would do without the controller. Durations in milliseconds. */
export interface Baseline {
  /** Writes the document and synthesizes it, untimed: a ready assembly. */
  prepare(document: string): Promise<void>;
  /** `cdk deploy` of what was prepared, from the ready assembly. */
  fromAssembly(): Promise<number>;
  /** `cdk deploy` of what was prepared, from source. */
  fromSource(): Promise<number>;
}

/** @param images AMI ids by the SSM parameter that names them. */
export function cdkBaseline(aws: LocalAws, images: Readonly<Record<string, string>>): Baseline {
  const folder = join(aws.stateDir, 'baseline');
  const assembly = join(folder, 'cdk.out');
  const documentFile = join(folder, 'baseline.json');
  mkdirSync(folder, { recursive: true });
  const env = {
    ...process.env,
    ...aws.env,
    HOME: aws.stateDir,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DEFAULT_ACCOUNT: '000000000000',
    CDK_DEFAULT_REGION: aws.region,
    BENCH_DOCUMENT: documentFile,
    BENCH_IMAGES: JSON.stringify(images),
  };
  const source = `node ${join(project, 'test', 'bench', 'site-app.ts')}`;
  const run = (args: readonly string[]) => cdk(args, env, folder);
  const deploy = (app: string) => run(['deploy', '--all', '--app', app, '--require-approval', 'never']);
  return {
    async prepare(document) {
      await writeFile(documentFile, document);
      await run(['synth', '--quiet', '--app', source, '--output', assembly]);
    },
    fromAssembly: () => deploy(assembly),
    fromSource: () => deploy(source),
  };
}

async function cdk(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<number> {
  const start = performance.now();
  const child = spawn(join(project, 'node_modules', '.bin', 'cdk'), [...args, '--no-notices', '--ci'], { cwd, env });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`cdk ${args[0]} ended with code ${code}:\n${Buffer.concat(output).toString().slice(-3000)}`);
  }
  return performance.now() - start;
}
