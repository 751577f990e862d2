/** What comes to a thread without being asked for: as it is told of it, and as it reports it. */
import type { Unasked } from "../../scenario/unasked.js";

/** Messages to rooms. */
export interface FanoutOrder {
  /** Members of each. */
  readonly room: number;
  readonly bytes: number;
}

/** @param isPushed whether the backend is ordered to push */
export function unaskedOrderOf({ push, fanout }: Unasked, isPushed: boolean): UnaskedOrder | null {
  const ordered = isPushed ? push : null;
  return ordered === null && fanout === null ? null : { push: ordered, fanout };
}

/** Of messages to rooms that were due in the measured window. */
interface FanoutCounts {
  readonly castsDue: number;
  /** The others found no member open to send them. */
  readonly castsSent: number;
  /** Deliveries that these were to bring about, one to each member, and those that came, each once. */
  readonly deliveriesExpected: number;
  readonly deliveriesCame: number;
}

/** What comes to a thread that it has not asked for. */
export interface UnaskedOrder {
  readonly push: { readonly bytes: number } | null;
  readonly fanout: FanoutOrder | null;
}

/** What came unasked. */
export interface UnaskedCounts extends FanoutCounts {
  /** Of pushes that were due in the measured window. */
  readonly pushesDelivered: number;
}
