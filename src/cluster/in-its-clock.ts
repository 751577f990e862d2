/**
 * Times that cross from one machine's monotonic clock to another's. Durations need no such thing.
 */
import type { ThreadOrder } from "../load/carried-job.js";
import type { ConnectionNote } from "../load/connection-note.js";
import type { ClockOffset } from "./clock-offset.js";

/** An order as the agent's generators have to read it. */
export function orderThere(order: ThreadOrder, { offsetNs }: ClockOffset): ThreadOrder {
  if (!("startNs" in order)) return order;
  const { startNs, measureNs, endNs, readingsNs, sendUntilNs } = order;
  return {
    ...order,
    startNs: startNs + offsetNs,
    measureNs: measureNs + offsetNs,
    endNs: endNs + offsetNs,
    readingsNs: { first: readingsNs.first + offsetNs, last: readingsNs.last + offsetNs },
    sendUntilNs: sendUntilNs + offsetNs,
  };
}

/** A note of the agent's as the controller has to read it. */
export function noteHere(note: ConnectionNote, { offsetNs }: ClockOffset): ConnectionNote {
  return { ...note, atNs: note.atNs - offsetNs };
}
