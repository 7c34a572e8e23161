import { siteJsonSchema } from './json-schema.ts';

/** The parts of the JSON Schema that the page shows. */
interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly items?: Node | readonly Node[];
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

const begin = '<!-- fields: written by `npm run schema` -->';
const end = '<!-- end of fields -->';

/**
 * The page about the document, with the tables of fields written anew from the schema; the text around them is the page's own.
 *
 * @throws Error when the page has no place for the tables
 */
export function referencePage(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page must hold the lines ${begin} and ${end}`);
  const root = JSON.parse(siteJsonSchema()) as Node;
  return `${page.slice(0, from)}${begin}\n\n${tables(root, '').join('\n')}\n${page.slice(to)}`;
}

/** The table of an object's own fields, then those of the objects in it. */
function tables(node: Node, path: string): string[] {
  const entries = Object.entries(node.properties ?? {});
  const fields = entries.filter(([, field]) => field.properties === undefined);
  const title = path === '' ? [] : [`### ${path}`, '', node.description ?? '', ''];
  const rows = fields.map(([key, field]) => row(key, field, node.required?.includes(key) === true));
  const table = rows.length === 0 ? [] : ['| Field | Value | What it is |', '| --- | --- | --- |', ...rows, ''];
  const inner = entries.flatMap(([key, field]) => {
    const object = objectOf(field);
    return object === undefined
      ? []
      : tables(object, `${path === '' ? '' : `${path}.`}${key}${field.type === 'array' ? '[]' : ''}`);
  });
  return [...title, ...table, ...inner];
}

/** The object that a field is, or a list of which it is. */
function objectOf(field: Node): Node | undefined {
  if (field.properties !== undefined) return field;
  const item = Array.isArray(field.items) ? undefined : (field.items as Node | undefined);
  return item?.properties === undefined ? undefined : item;
}

function row(key: string, field: Node, needed: boolean): string {
  const name = `\`${key}\`${needed ? ' (required)' : ''}`;
  return `| ${[name, valueText(field), field.description ?? ''].map(cell).join(' | ')} |`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

function valueText(field: Node): string {
  if (field.const !== undefined) return JSON.stringify(field.const);
  if (field.enum !== undefined) return field.enum.map((value) => JSON.stringify(value)).join(', ');
  if (field.minimum !== undefined || field.maximum !== undefined) return `${field.minimum} to ${field.maximum}`;
  if (field.type === 'array') return objectOf(field) === undefined ? 'list of texts' : 'list of objects, see below';
  if (field.type === 'object') return 'texts by name';
  return field.type === 'boolean' ? 'true, false' : 'text';
}
