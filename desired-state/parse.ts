import { findNodeAtOffset, getNodePath, type Node } from 'jsonc-parser';
import * as v from 'valibot';
import { allChecks } from './checks/all.ts';
import { type CheckContext, concerns } from './checks/check.ts';
import { type Finding, formatPath, type Issue, type Path } from './issue.ts';
import { schemaFindings } from './schema-issues.ts';
import { type Site, siteSchema } from './site.ts';
import { type Position, positionsIn, readText } from './text.ts';
import type { Fault } from './tokens.ts';
import { locator, readTree } from './tree.ts';
import { buildValue, type Json } from './value.ts';

export type { Issue } from './issue.ts';

/** What is known besides the text; each check that needs something of it is made only when it is given. */
export type ParseContext = CheckContext;

/** A document that is good, with every default filled in, or everything that is wrong with it. */
export type ParseResult =
  | { readonly kind: 'site'; readonly site: Site }
  /** At least one; in the order of the text. */
  | { readonly kind: 'issues'; readonly issues: readonly Issue[] };

/** Issues that are listed; behind them one more says how many are left. */
const maxIssues = 100;

/**
 * Reads a desired-state document. It never throws, whatever the bytes, and needs time and memory linear in their number.
 *
 * Reported are all mistakes at once: those of the text (when they leave no doubt about what was meant, such as a comment),
 * of the schema, and of the fields with each other as far as the fields that a check looks at could be read.
 *
 * @param bytes of the file: at most 256 kB, UTF-8 without a byte order mark, one JSON object, nested at most 32 deep, no
 *   duplicate keys, no `__proto__`, `constructor` or `prototype`
 * @example
 * const result = parseSite(await readFile('sites/production.json'), { fileName: 'sites/production.json' });
 * if (result.kind === 'issues') for (const { line, column, message } of result.issues) console.error(line, column, message);
 */
export function parseSite(bytes: Uint8Array, context: ParseContext = {}): ParseResult {
  const read = readText(bytes);
  if (read.kind === 'refused') return { kind: 'issues', issues: [read.issue] };
  const place = positionsIn(read.text);
  const { root, faults } = readTree(read.text);
  if (root === undefined)
    return refuse(faults.map((fault) => ({ offset: fault.offset, issue: () => faultIssue(fault, place) })));
  const { value, faults: valueFaults } = buildValue(root);
  const checked = check(value, context);
  const located = [
    ...[...faults, ...valueFaults].map((fault) => ({
      offset: fault.offset,
      issue: () => faultIssue(fault, place, root),
    })),
    ...locate(checked.findings, root, place),
  ];
  return located.length === 0 ? { kind: 'site', site: checked.site } : refuse(located);
}

/** `site` may be used only when there are no findings. */
function check(value: Json, context: CheckContext): { readonly site: Site; readonly findings: readonly Finding[] } {
  const result = v.safeParse(siteSchema, value, { abortPipeEarly: true });
  const findings = schemaFindings(siteSchema, value, result.issues ?? []);
  const site = result.output as Site;
  // A check runs when everything that it reads has the right form; a test holds each to what it says that it reads.
  const broken = findings.filter(({ at }) => at !== 'key').map(({ path }) => path);
  const sound = allChecks.filter(({ reads }) => !reads.some((field) => broken.some((path) => concerns(field, path))));
  return { site, findings: [...findings, ...sound.flatMap(({ run }) => run(site, context))] };
}

interface Located {
  readonly offset: number;
  /** Written only when it is shown. */
  readonly issue: () => Issue;
}

function refuse(located: readonly Located[]): ParseResult {
  const inOrder = located.toSorted((one, other) => one.offset - other.offset);
  const issues = inOrder.slice(0, maxIssues).map(({ issue }) => issue());
  const left = inOrder.length - issues.length;
  if (left > 0) issues.push({ path: '$', line: 1, column: 1, message: `and ${left} more issues` });
  return { kind: 'issues', issues };
}

function faultIssue(fault: Fault, place: (offset: number) => Position, root?: Node): Issue {
  const node = root === undefined ? undefined : findNodeAtOffset(root, fault.offset);
  const path: Path = node === undefined ? [] : getNodePath(node);
  return { path: formatPath(path), ...place(fault.offset), message: fault.message };
}

function locate(findings: readonly Finding[], root: Node, place: (offset: number) => Position): Located[] {
  const find = locator(root);
  return findings.map(({ path, at, message }) => {
    const { node, key, exact } = find(path);
    const offset = exact && at === 'key' && key !== undefined ? key.offset : node.offset;
    return { offset, issue: () => ({ path: formatPath(path), ...place(offset), message }) };
  });
}
