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

export interface UnaskedRecord {
  /** Null where none were asked for. */
  readonly push: PushRecord | null;
}
