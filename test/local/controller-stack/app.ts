// The controller's stack over bundles that only echo what they hear: `node app.ts <folder>`.

import { App } from 'aws-cdk-lib';
import { appOptions } from '../../../infra/controller/app-options.ts';
import { bundlesIn } from '../../../infra/controller/bundles.ts';
import { ControllerStack, controllerStackName } from '../../../infra/controller/controller-stack.ts';

const [, , folder = ''] = process.argv;
const account = process.env['CDK_DEFAULT_ACCOUNT'];
const region = process.env['CDK_DEFAULT_REGION'];
const app = new App(appOptions);
new ControllerStack(app, controllerStackName, {
  bundles: bundlesIn(folder),
  ...(account && region && { env: { account, region } }),
});
app.synth();
