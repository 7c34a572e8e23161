import type { SiteStatus } from './site-status.ts';

/** Text of `status/<site>.json`. */
export function statusFile(status: SiteStatus): string {
  return `${JSON.stringify(status, undefined, 2)}\n`;
}

/** Reads `status/<site>.json`; undefined when it is no status of a format that is known here. */
export function parseStatusFile(text: string): SiteStatus | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isStatus(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isStatus(value: unknown): value is SiteStatus {
  if (!isObject(value) || value['formatVersion'] !== 1 || typeof value['site'] !== 'string') return false;
  const lists = ['conditions', 'layers', 'capacity', 'blockedBy', 'issues', 'history'].every((key) =>
    Array.isArray(value[key]),
  );
  const memory = value['memory'];
  return lists && isObject(memory) && memory['formatVersion'] === 1 && isObject(memory['layers']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
