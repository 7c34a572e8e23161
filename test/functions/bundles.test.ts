import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleFunctions } from '../../esbuild.config.mjs';

let folder: string;
let bundles: Awaited<ReturnType<typeof bundleFunctions>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundles-'));
  bundles = await bundleFunctions({ names: ['reconcile', 'notify'], outDir: join(folder, 'functions') });
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['reconcile', 1_200_000],
  ['notify', 700_000],
])('%s has at most %d bytes', (name, budget) => {
  expect(bundles.find((bundle) => bundle.name === name)?.bytes).toBeLessThanOrEqual(budget);
});

it.each(['reconcile', 'notify'])('%s carries nothing of the CDK, the tests or the local AWS', async (name) => {
  const { inputs } = JSON.parse(await readFile(join(folder, 'meta', `${name}.json`), 'utf8')) as { inputs: object };
  const foreign = Object.keys(inputs).filter((input) => /^(test|local|infra)\/|aws-cdk-lib|constructs/.test(input));
  expect(foreign).toEqual([]);
});
