/** How patient a load is with what does not come. */

/** How long what does not come is waited for. */
export interface Patience {
  readonly handshakeMs: number;
  /** For replies, once the sending has ended. */
  readonly drainMs: number;
}

export const usualPatience: Patience = { handshakeMs: 10_000, drainMs: 5000 };
