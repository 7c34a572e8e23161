import type { Node } from 'jsonc-parser';
import { showKey } from './issue.ts';
import type { Fault } from './tokens.ts';

/** A plain JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Keys that reach an object's prototype when code that is careless copies them. */
const prototypeKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Marks of references, refused in every text and key of a document, whatever the field. CloudFormation resolves `{{resolve:...}}` anywhere in a
 * template, with its role's rights to read secrets and parameters; CDK writes the values that it does not know yet as `${Token[...]}`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
const references: readonly (readonly [mark: string, message: string])[] = [
  [
    '{{',
    'this text holds {{, which opens a dynamic reference of CloudFormation: it would be replaced by a secret or a parameter of the account; write it without two braces in a row',
  ],
  ['${Token[', 'this text holds ${Token[, which the renderer would replace: write it otherwise'],
  ['#{Token[', 'this text holds #{Token[, which the renderer would replace: write it otherwise'],
];

/**
 * Builds the value of a tree, and refuses on the way what JSON's grammar allows and no document needs: duplicate keys (the
 * last would win silently), prototype keys, numbers beyond what a double holds, text that is no Unicode, and text that the way to AWS would
 * take for a reference and put something else in its place.
 * What is refused is left out of the value.
 */
export function buildValue(root: Node): { readonly value: Json; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const refuse = (node: Node, message: string): void => {
    faults.push({ offset: node.offset, message, tolerable: true });
  };
  const textOf = (node: Node): string => {
    const text = String(node.value);
    if (!text.isWellFormed()) refuse(node, 'this text holds half of a surrogate pair, which is no Unicode character');
    if (text.includes('\0')) refuse(node, 'this text holds the character U+0000');
    for (const [mark, message] of references) if (text.includes(mark)) refuse(node, message);
    return text;
  };
  const objectOf = (node: Node): Json => {
    const entries = new Map<string, Json>();
    for (const { children: [name, content] = [] } of node.children ?? []) {
      if (name === undefined || content === undefined) continue;
      const key = textOf(name);
      if (prototypeKeys.has(key)) refuse(name, `the key "${key}" is not allowed`);
      else if (entries.has(key)) refuse(name, `the key ${JSON.stringify(showKey(key))} stands here twice`);
      else entries.set(key, build(content));
    }
    return Object.fromEntries(entries);
  };
  const build = (node: Node): Json => {
    switch (node.type) {
      case 'object':
        return objectOf(node);
      case 'array':
        return (node.children ?? []).map(build);
      case 'string':
        return textOf(node);
      case 'number':
        if (!Number.isFinite(node.value)) refuse(node, 'this number is too large');
        return Number(node.value);
      case 'boolean':
        return node.value === true;
      case 'null':
      case 'property':
        return null;
    }
  };
  return { value: build(root), faults };
}
