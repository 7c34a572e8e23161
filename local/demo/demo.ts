import { parseArgs } from 'node:util';
import { type ControllerOutputs, deployController } from './controller.ts';
import { type Narrator, narrate, type SceneResult } from './narrator.ts';
import { NotObserved } from './observed.ts';
import { operate } from './operator.ts';
import { type Scene, type SceneName, sceneNames } from './scene.ts';
import { create } from './scenes/create.ts';
import { orphan } from './scenes/orphan.ts';
import { refuse } from './scenes/refuse.ts';
import { update } from './scenes/update.ts';
import { openStage, type Stage } from './stage.ts';

const scenes: readonly Scene[] = [create, update, refuse, orphan];

const usage = `usage: npm run demo -- [--json] [--scene <name>]...
  --scene  play this scene and what it needs: ${sceneNames.join(', ')} (default: all)
  --json   progress goes to standard error; the last line of standard output is {"scenes":[...]}`;

/** Runs the demo; the exit code is 0 only if every scene was really observed. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, scene: { type: 'string', multiple: true } },
  });
  const unknown = values.scene?.find((name) => !isSceneName(name));
  if (unknown !== undefined) {
    process.stderr.write(`unknown scene '${unknown}'\n${usage}\n`);
    return 2;
  }
  const wanted = withNeeds(values.scene?.filter(isSceneName) ?? sceneNames);
  const narrator = narrate(values.json ? process.stderr : process.stdout);
  const stage = await openStage((line) => narrator.tell(line));
  try {
    const results = await playAll(stage, wanted, narrator);
    narrator.summary(results);
    if (values.json) process.stdout.write(`${JSON.stringify({ scenes: results })}\n`);
    return results.every((result) => result.ok) ? 0 : 1;
  } finally {
    await stage.close();
  }
}

function isSceneName(name: string): name is SceneName {
  return (sceneNames as readonly string[]).includes(name);
}

/** The wanted scenes and all that they need, in order. */
function withNeeds(wanted: readonly SceneName[]): readonly SceneName[] {
  const all = new Set<SceneName>(['deploy']);
  const add = (name: SceneName) => {
    for (const need of scenes.find((scene) => scene.name === name)?.needs ?? []) add(need);
    all.add(name);
  };
  for (const name of wanted) add(name);
  return sceneNames.filter((name) => all.has(name));
}

async function playAll(
  stage: Stage,
  wanted: readonly SceneName[],
  narrator: Narrator,
): Promise<readonly SceneResult[]> {
  const results: SceneResult[] = [];
  const failed = new Set<SceneName>();
  let controller: ControllerOutputs | undefined;
  results.push(
    await timed('deploy', 'the controller is deployed by the real cdk', narrator, async () => {
      controller = await deployController(stage.aws, (line) => narrator.tell(line));
      return `cdk bootstrap and cdk deploy; the bucket for documents is ${controller.bucketName}`;
    }),
  );
  if (!controller) return results;
  const operator = await operate(stage.operator, controller);
  const theatre = { stage, clients: stage.operator, controller, operator, tell: (line: string) => narrator.tell(line) };
  for (const scene of scenes) {
    if (!wanted.includes(scene.name)) continue;
    const missing = scene.needs.find((need) => failed.has(need));
    const result = missing
      ? { name: scene.name, ok: false, seconds: 0, detail: `not played: it needs ${missing}` }
      : await timed(scene.name, scene.title, narrator, () => scene.play(theatre));
    if (!result.ok) failed.add(scene.name);
    results.push(result);
  }
  return results;
}

async function timed(
  name: SceneName,
  title: string,
  narrator: Narrator,
  play: () => Promise<string>,
): Promise<SceneResult> {
  narrator.scene(name, title);
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 100) / 10;
  let result: SceneResult;
  try {
    const detail = await play();
    result = { name, ok: true, seconds: seconds(), detail };
  } catch (error) {
    if (!(error instanceof NotObserved))
      narrator.tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    result = {
      name,
      ok: false,
      seconds: seconds(),
      detail: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    };
  }
  narrator.ended(result);
  return result;
}

process.exitCode = await main();
