import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { deployController } from '../../local/demo/controller.ts';
import { NotObserved } from '../../local/demo/observed.ts';
import { operate } from '../../local/demo/operator.ts';
import { create } from '../../local/demo/scenes/create.ts';
import { openStage, type Stage } from '../../local/demo/stage.ts';
import { storedZip } from './stored-zip.ts';

// The scenes prove something only if they fail without the code that they are about. Side by side: mostly waiting.
describe.concurrent('the create scene is not observed when the code is empty of', () => {
  test.each(['render', 'reconcile', 'notify'])('%s', async (name) => {
    const stage = await openStage(() => undefined);
    try {
      const controller = await deployController(stage.aws, () => undefined);
      await emptyFunction(stage, name);
      const operator = await operate(stage.operator, controller);
      const theatre = { stage, clients: stage.operator, controller, operator, tell: () => undefined };
      await expect(create.play(theatre)).rejects.toBeInstanceOf(NotObserved);
    } finally {
      await stage.close();
    }
  });
});

async function emptyFunction(stage: Stage, name: string): Promise<void> {
  const { StackResources } = await stage.operator.cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: 'nextcloud-gitops' }),
  );
  const found = StackResources?.find(
    (resource) =>
      resource.ResourceType === 'AWS::Lambda::Function' && resource.PhysicalResourceId?.toLowerCase().includes(name),
  );
  if (!found?.PhysicalResourceId) throw new Error(`the controller has no function ${name}`);
  const lambda = new LambdaClient({
    endpoint: stage.aws.endpoint,
    region: stage.aws.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const ZipFile = storedZip('index.mjs', 'export const handler = async () => {};\n');
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: found.PhysicalResourceId, ZipFile }));
  lambda.destroy();
}
