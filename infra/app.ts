// The CDK app: `cdk deploy` bundles the functions and deploys the controller. The sites are deployed by the controller, never from here.

import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { bundleFunctions } from '../esbuild.config.mjs';
import { appOptions } from './controller/app-options.ts';
import { bundlesIn } from './controller/bundles.ts';
import { ControllerStack, controllerStackName } from './controller/controller-stack.ts';

await bundleFunctions();

const account = process.env['CDK_DEFAULT_ACCOUNT'];
const region = process.env['CDK_DEFAULT_REGION'];
const app = new App(appOptions);
new ControllerStack(app, controllerStackName, {
  bundles: bundlesIn(fileURLToPath(new URL('../dist/functions', import.meta.url))),
  ...(account && region && { env: { account, region } }),
});
app.synth();
