/** What comes to a thread without being asked for: as it is told of it, and as it reports it. */
/** What comes to a thread that it has not asked for. */
export interface UnaskedOrder {
  readonly push: { readonly bytes: number } | null;
}

/** What came unasked. */
export interface UnaskedCounts {
  /** Of pushes that were due in the measured window. */
  readonly pushesDelivered: number;
}
