/**
 * What a pong server is ordered to send unasked, and what it counts of that.
 */

/** Times are of the shared monotonic clock, in nanoseconds. */
export interface PushOrder {
  readonly startNs: number;
  /** No push falls due from then on. */
  readonly untilNs: number;
  /** Pushes that fall due from `measureNs` to `endNs` are counted. */
  readonly measureNs: number;
  readonly endNs: number;
  /** Over all connections, which have their turns. */
  readonly ratePerS: number;
  readonly arrivals: "uniform" | "poisson";
  /** In [0, 1): this server's shift in the common schedule. */
  readonly phase: number;
  readonly seed: number;
  /** Of each message. */
  readonly bytes: number;
}

/** Of pushes that fell due in the order's window. */
export interface PushCounts {
  readonly due: number;
  /** Handed to an open connection that takes messages. */
  readonly sent: number;
}
