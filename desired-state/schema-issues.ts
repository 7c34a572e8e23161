import type * as v from 'valibot';
import { type Finding, type Path, showKey } from './issue.ts';
import { nearest } from './nearest.ts';
import type { Json } from './value.ts';

type AnyIssue = v.BaseIssue<unknown>;

/**
 * Translates what valibot found into findings that say what to do, and adds what it leaves out: it reports the first unknown
 * key of an object only, and takes a list for an object.
 */
export function schemaFindings(schema: v.GenericSchema, value: Json, issues: readonly AnyIssue[]): Finding[] {
  const structure = [...structureFindings(schema as Shape, value, [])];
  // What is missing in a list that should be an object has been said by saying so.
  const lists = structure.filter(({ at }) => at === 'value').map(({ path }) => path);
  const inList = (path: Path): boolean => lists.some((list) => list.every((part, index) => path[index] === part));
  const translated = issues
    .filter((issue) => !isUnknownKey(issue) && !inList(pathOf(issue)))
    .map((issue) => translate(issue));
  return [...structure, ...translated];
}

const isUnknownKey = (issue: AnyIssue): boolean => issue.type === 'strict_object' && issue.expected === 'never';

const pathOf = (issue: AnyIssue): Path =>
  (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));

function translate(issue: AnyIssue): Finding {
  const path = pathOf(issue);
  const last = issue.path?.at(-1);
  if (issue.type === 'strict_tuple' || (typeof last?.key === 'number' && issue.received === 'undefined')) {
    return { path: path.slice(0, -1), message: 'must have exactly three entries, one an availability zone' };
  }
  if (issue.kind === 'schema' && issue.received === 'undefined') {
    return { path, message: `${JSON.stringify(path.at(-1))} is missing here` };
  }
  if (issue.kind === 'schema') return { path, message: wrongType(issue) };
  return last?.origin === 'key' ? { path, at: 'key', message: issue.message } : { path, message: issue.message };
}

const typeNames = new Map([
  ['string', 'a text in double quotes'],
  ['number', 'a number'],
  ['boolean', 'true or false'],
  ['Object', 'an object'],
  ['Array', 'a list'],
]);

function wrongType(issue: AnyIssue): string {
  const named = (text: string): string => typeNames.get(text) ?? text;
  const expected = (issue.expected ?? 'something else')
    .replaceAll(/^\(|\)$/g, '')
    .split(' | ')
    .map(named);
  const received = issue.received.length <= 64 ? named(issue.received) : `${issue.received.slice(0, 64)}…`;
  return `must be ${expected.length > 1 ? `one of ${expected.join(', ')}` : expected.join('')}, not ${received}`;
}

/** The parts of a valibot schema that say which keys an object may have. */
interface Shape {
  readonly type?: string;
  readonly wrapped?: Shape;
  readonly item?: Shape;
  readonly entries?: Record<string, Shape>;
}

/** Only the first unknown keys of an object get a hint: a hostile document may have very many. */
const hintedKeys = 50;

function* structureFindings(schema: Shape, value: Json, path: Path): Generator<Finding> {
  let shape = schema;
  while (shape.wrapped !== undefined) shape = shape.wrapped;
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) yield* listFindings(shape, value, path);
  else if (shape.entries !== undefined) yield* objectFindings(shape.entries, value, path);
}

function* listFindings(shape: Shape, list: readonly Json[], path: Path): Generator<Finding> {
  if (shape.entries !== undefined || shape.type === 'record') {
    yield { path, at: 'value', message: 'must be an object, not a list' };
  } else if (shape.item !== undefined) {
    for (const [index, item] of list.entries()) yield* structureFindings(shape.item, item, [...path, index]);
  }
}

function* objectFindings(entries: Record<string, Shape>, value: Record<string, Json>, path: Path): Generator<Finding> {
  let unknown = 0;
  for (const [key, content] of Object.entries(value)) {
    const known = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (known !== undefined) yield* structureFindings(known, content, [...path, key]);
    else yield { path: [...path, key], at: 'key', message: unknownKey(key, Object.keys(entries), unknown++) };
  }
}

function unknownKey(key: string, known: readonly string[], before: number): string {
  const message = `unknown key ${JSON.stringify(showKey(key))}`;
  if (before >= hintedKeys) return message;
  const near = nearest(key, known);
  return `${message}: ${near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${JSON.stringify(near)}?`}`;
}
