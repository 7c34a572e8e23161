import { toJsonSchema } from '@valibot/to-json-schema';
import { siteSchema } from './site.ts';

/**
 * The JSON Schema of a document (draft 7, which editors know best), as text. It says what a schema can say: rules of fields
 * with each other, dates of the calendar and the like are in the descriptions only, and `parseSite` decides.
 */
export function siteJsonSchema(): string {
  const schema = toJsonSchema(siteSchema, {
    target: 'draft-07',
    // What a person writes: fields with a default may be left out.
    typeMode: 'input',
    // Code that no schema can express; anything else that can't be converted is an error.
    ignoreActions: ['check', 'check_items', 'raw_check'],
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
