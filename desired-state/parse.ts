/** One thing wrong with a document, and where. */
export interface Issue {
  /** JSON path, `$` for the document itself. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly message: string;
}
