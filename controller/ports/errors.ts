/** Throttling, 5xx, network: back off and look again; never a decision. Adapters throw it, with the cause. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}
