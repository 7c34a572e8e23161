import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json' with { type: 'json' };
import { appOptions } from '../../../infra/controller/app-options.ts';
import { bundlesIn } from '../../../infra/controller/bundles.ts';
import { ControllerStack, controllerStackName } from '../../../infra/controller/controller-stack.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A folder with bundles that only have to exist: what is in them is of no matter to the template. */
export function bundlesFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  for (const name of ['render', 'reconcile', 'notify']) {
    mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, name, 'index.mjs'),
      `export const handler = (event) => { console.log('${name}', JSON.stringify(event)); return { batchItemFailures: [] }; };\n`,
    );
  }
  return folder;
}

export const account = '123456789012';
export const region = 'eu-west-3';

/** The controller's stack in an app, as `cdk synth` makes it. */
export function controllerApp(): { readonly app: App; readonly template: () => Template } {
  const folder = bundlesFolder();
  const app = new App({
    ...appOptions,
    outdir: join(folder, 'out'),
    context: { ...cdkJson.context, ...appOptions.context },
  });
  new ControllerStack(app, controllerStackName, { bundles: bundlesIn(folder), env: { account, region } });
  return {
    app,
    template: () => {
      const { template } = app.synth().getStackByName(controllerStackName);
      rmSync(folder, { recursive: true });
      return template;
    },
  };
}

let made: Template | undefined;

/** The controller's template, made once for a file of tests. */
export function controllerTemplate(): Template {
  made ??= controllerApp().template();
  return made;
}

export function ofType(type: string): [string, Resource][] {
  return Object.entries(controllerTemplate().Resources).filter(([, { Type }]) => Type === type);
}

/** The one resource whose logical id begins so. */
export function resource(idPrefix: string, type: string): Resource {
  const found = ofType(type).filter(([id]) => id.startsWith(idPrefix));
  const [only] = found;
  if (found.length !== 1 || only === undefined) {
    throw new Error(
      `${found.length} resources ${type} begin with ${idPrefix}; there are ${ofType(type).map(([id]) => id)}`,
    );
  }
  return only[1];
}

const pseudo: Readonly<Record<string, string>> = { 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com' };

/** Values with Fn::Join joined, pseudo parameters put in, and references as `<LogicalId>` or `<LogicalId.Arn>`. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value) return pseudo[String(value.Ref)] ?? `<${value.Ref}>`;
  if ('Fn::GetAtt' in value && Array.isArray(value['Fn::GetAtt'])) return `<${value['Fn::GetAtt'].join('.')}>`;
  if ('Fn::Join' in value && Array.isArray(value['Fn::Join'])) {
    const [delimiter, parts] = value['Fn::Join'];
    return parts.map(plain).join(delimiter);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

export function list(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** Every statement of every role and managed policy, with the logical id that carries it. */
export function statements(): { readonly id: string; readonly statement: Statement }[] {
  const roles = ofType('AWS::IAM::Role').flatMap(([id, { Properties }]) =>
    ((Properties['Policies'] ?? []) as { PolicyDocument: { Statement: Statement[] } }[]).flatMap((policy) =>
      policy.PolicyDocument.Statement.map((statement) => ({ id, statement })),
    ),
  );
  const managed = ofType('AWS::IAM::ManagedPolicy').flatMap(([id, { Properties }]) =>
    (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement.map((statement) => ({ id, statement })),
  );
  return [...roles, ...managed].map(({ id, statement }) => ({ id, statement: plain(statement) as Statement }));
}

/** The statements of the one role whose logical id begins so, each as `action on resource`. */
export function grantsOf(rolePrefix: string): string[] {
  return statements()
    .filter(({ id }) => id.startsWith(rolePrefix))
    .flatMap(({ statement }) =>
      list(statement.Action).flatMap((action) => list(statement.Resource).map((on) => `${action} on ${on}`)),
    )
    .map((line) => line.replaceAll(/<([A-Za-z]+?)[0-9A-F]{8}(\.[A-Za-z]+)?>/g, '<$1$2>'))
    .sort();
}
