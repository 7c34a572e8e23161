/** Virtual time: moves only when told to. */
export class FakeClock {
  now = Date.parse('2026-11-25T06:00:00Z');

  advance(ms: number): void {
    this.now += ms;
  }

  /** Moves to a later moment, never back. */
  moveTo(at: number): void {
    this.now = Math.max(this.now, at);
  }
}
