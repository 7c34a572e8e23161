/** Structured log of facts, never prose and never a secret. */
export interface Log {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts: Readonly<Record<string, unknown>> & { readonly error: Error }): void;
}

/** Metrics, sent as EMF at the end of an invocation. */
export interface Metrics {
  count(name: string, value: number): void;
  milliseconds(name: string, value: number): void;
}

/** Epoch milliseconds. */
export interface Clock {
  now(): number;
}
