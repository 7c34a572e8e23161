/** One measured figure beside its budget: the form that `--json` prints. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The budget: value must not exceed it. */
  readonly target: number;
  readonly ok: boolean;
}

/** A figure, judged: ok while the value is within the target. */
export function figure(name: string, value: number, unit: string, target: number): Figure {
  const rounded = Number(value.toPrecision(4));
  return { name, value: rounded, unit, target, ok: rounded <= target };
}

/** A family of figures: measures and tells how far it is. */
export type Measure = (tell: (line: string) => void) => Promise<readonly Figure[]>;

/** The middle of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('median of nothing');
  return middle;
}
