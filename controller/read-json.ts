import * as v from 'valibot';

/** Reads JSON text that a schema describes; undefined when it is no JSON, or not what is described. */
export function readJson<T>(text: string, schema: v.GenericSchema<unknown, T>): T | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
