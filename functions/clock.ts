import type { Clock } from '../controller/ports/observability.ts';

/** The only clock of the functions. */
export const systemClock: Clock = { now: () => Date.now() };
