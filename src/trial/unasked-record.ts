/** What became in a trial of what the backend sends unasked, as it is kept. */

/** Of pushes that fell due in the measured window. */
interface PushRecord {
  readonly due: number;
  /** The others found no connection that was open, or would take more. */
  readonly sent: number;
  readonly delivered: number;
  /** How late they were sent against their schedule; null with too few to tell. */
  readonly lagNsP99: number | null;
}

/** Of messages to rooms that fell due in the measured window. */
interface FanoutRecord {
  readonly due: number;
  readonly sent: number;
  /** Deliveries: one to each member of the room. */
  readonly expected: number;
  readonly delivered: number;
}

export interface UnaskedRecord {
  /** Each null where the workload has none. */
  readonly push: PushRecord | null;
  readonly fanout: FanoutRecord | null;
}
