import { bundleFunctions } from '../../../esbuild.config.mjs';
import { type Figure, figure, type Measure } from '../figure.ts';

/** Bytes of each function's bundle, minified. Render carries aws-cdk-lib and has a budget of time and memory instead. */
export const bundles: Measure = async () => {
  const figures: Figure[] = [];
  for (const { name, bytes } of await bundleFunctions()) {
    if (name === 'render') continue;
    figures.push(figure(`bundle ${name}`, bytes / 1000, 'kB', name === 'reconcile' ? 1200 : 700));
  }
  return figures;
};
