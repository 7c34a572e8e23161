import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { deployController } from '../../local/demo/controller.ts';
import { operate } from '../../local/demo/operator.ts';
import type { Scene, Theatre } from '../../local/demo/scene.ts';
import { create } from '../../local/demo/scenes/create.ts';
import { orphan } from '../../local/demo/scenes/orphan.ts';
import { refuse } from '../../local/demo/scenes/refuse.ts';
import { update } from '../../local/demo/scenes/update.ts';
import { openStage, type Stage } from '../../local/demo/stage.ts';
import { storedZip } from './stored-zip.ts';

// The scenes prove something only if they fail without the code that they are about, at what that code does, and play with it. Side by
// side: mostly waiting.
describe.concurrent('the create scene is not observed when the code is empty of', () => {
  test.each([
    ['render', 'all layers created'],
    ['reconcile', 'all layers created'],
    ['notify', 'status Synced, Healthy'],
  ])('%s: %s', async (name, missing) => {
    await onStage(async (theatre) => {
      await emptyFunction(theatre.stage, name);
      await expect(create.play(theatre)).rejects.toEqual(notObserved(missing));
    });
  });
});

describe.concurrent('after a site was created, other scenes are not observed when the code is emptied of', () => {
  const asked = 'revision .* applied';
  test.each<[string, readonly (readonly [Scene, string])[]]>([
    // A document with mistakes never reaches render: refuse does not depend on it.
    [
      'render',
      [
        [update, 'the group has its new maximum'],
        [orphan, asked],
      ],
    ],
    [
      'reconcile',
      [
        [update, 'the group has its new maximum'],
        [refuse, 'the mistakes in the status'],
        [orphan, asked],
      ],
    ],
    [
      'notify',
      [
        [update, asked],
        [refuse, 'the mistakes in the status'],
        [orphan, asked],
      ],
    ],
  ])('%s', async (name, scenes) => {
    await onStage(async (theatre) => {
      await create.play(theatre);
      await emptyFunction(theatre.stage, name);
      for (const [scene, missing] of scenes) await expect(scene.play(theatre)).rejects.toEqual(notObserved(missing));
    });
  });
});

/** A stage with the controller deployed, closed in the end. */
async function onStage(play: (theatre: Theatre) => Promise<void>): Promise<void> {
  const stage = await openStage(() => undefined);
  try {
    const controller = await deployController(stage.aws, () => undefined);
    const operator = await operate(stage.operator, controller);
    await play({ stage, clients: stage.operator, controller, operator, tell: () => undefined });
  } finally {
    await stage.close();
  }
}

function notObserved(missing: string): unknown {
  return expect.objectContaining({ name: 'NotObserved', message: expect.stringMatching(`^${missing}`) });
}

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
