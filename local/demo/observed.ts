import { setTimeout as sleep } from 'node:timers/promises';

/** What a scene expected to see in AWS's own answers and did not. */
export class NotObserved extends Error {
  override readonly name = 'NotObserved';
}

/** Demands a fact that was just read from AWS. */
export function expectObserved(fact: boolean, what: string): void {
  if (!fact) throw new NotObserved(what);
}

/** One look: the value once it is there, or how far it is. */
export type Look<T> = { readonly seen: T } | { readonly notYet: string };

/**
 * Looks again and again until the thing is seen.
 *
 * @param what what is waited for, for the message.
 * @param deadlineSeconds how long at most.
 * @param everyMilliseconds the pause between looks.
 * @throws NotObserved with what was seen last.
 */
export async function until<T>(
  what: string,
  deadlineSeconds: number,
  look: () => Promise<Look<T>>,
  everyMilliseconds = 400,
): Promise<T> {
  const end = performance.now() + deadlineSeconds * 1000;
  for (;;) {
    const result = await look();
    if ('seen' in result) return result.seen;
    if (performance.now() > end) {
      throw new NotObserved(`${what}: not within ${deadlineSeconds} s; last seen: ${result.notYet}`);
    }
    await sleep(everyMilliseconds);
  }
}
