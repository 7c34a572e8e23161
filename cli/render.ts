import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSite } from '../desired-state/parse.ts';
import { layerNames, type RenderedSite } from '../desired-state/rendered.ts';
import { commandLine } from './command-line.ts';
import { fileReason, readDocument, userPath } from './document-file.ts';
import { CannotError, exitCodes, UsageError } from './exit.ts';
import { showIssues } from './show-issues.ts';
import type { Terminal } from './terminal.ts';

/** A site that is rendered here is for reading: the digest does not depend on who rendered it. */
const rendererVersion = 'ncctl';

/** `ncctl render <file> --out <directory>`: writes the template of each layer and prints the digest of the rendered site. */
export async function renderCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { file, out } = readArgs(args);
  const bytes = await readDocument(file);
  const result = parseSite(bytes, { fileName: file, now: Date.now() });
  if (result.kind === 'issues') {
    terminal.err(showIssues(file, bytes, result.issues, terminal));
    return exitCodes.issues;
  }
  // CDK takes a second to load: only who renders waits for it.
  const { render } = await import('../infra/site/render.ts');
  const rendered = render(result.site, rendererVersion);
  await write(rendered, out);
  terminal.err(
    `${rendered.layers.length} templates in ${terminal.printable(out)}: ${rendered.layers.map(({ layer }) => layer).join(', ')}`,
  );
  terminal.out(rendered.renderedDigest);
  return exitCodes.clean;
}

function readArgs(args: readonly string[]): { file: string; out: string } {
  const { values, positionals } = commandLine(args, { out: { type: 'string' } });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError('render needs exactly one file');
  if (values.out === undefined || values.out === '') throw new UsageError('render needs --out <directory>');
  return { file, out: values.out };
}

/** Writes the templates, and removes those of layers that this site does not have: an earlier rendering may have left some. */
async function write(rendered: RenderedSite, out: string): Promise<void> {
  const pathOf = (layer: string): string => join(userPath(out), `${layer}.template.json`);
  try {
    await mkdir(userPath(out), { recursive: true });
    for (const layer of layerNames) {
      const body = rendered.layers.find((one) => one.layer === layer)?.templateBody;
      if (body === undefined) await rm(pathOf(layer), { force: true });
      else await writeFile(pathOf(layer), body.endsWith('\n') ? body : `${body}\n`);
    }
  } catch (error) {
    throw new CannotError(`cannot write to ${out}: ${fileReason(error)}`, { cause: error });
  }
}
