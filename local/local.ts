import { once } from 'node:events';
import { deployController } from './demo/controller.ts';
import { openStage } from './demo/stage.ts';

/** Keeps the local AWS and the controller up for exploring with any AWS tool, until Ctrl-C. */
async function main(): Promise<void> {
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const stage = await openStage(tell);
  try {
    const controller = await Promise.race([deployController(stage.aws, tell), interrupted.then(() => undefined)]);
    if (!controller) return;
    process.stdout.write(`
# The controller is up. In another terminal:
${exportsOf({ ...stage.aws.env, ...operatorEnvironment(stage.operatorCredentials) })}

# Commit a document, then look:
aws s3 cp desired-state/sites/production.json s3://${controller.bucketName}/sites/production.json
npm run --silent ncctl -- status production

# Node disks and logs: ${stage.aws.stateDir}/instances
# Ctrl-C ends everything and leaves nothing behind.
`);
    await interrupted;
  } finally {
    process.stderr.write('ending\n');
    await stage.close();
  }
}

function operatorEnvironment(credentials: { accessKeyId: string; secretAccessKey: string }): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };
}

function exportsOf(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${name}='${value}'`)
    .join('\n');
}

await main();
