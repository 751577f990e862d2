/**
 * Times that cross from one machine's monotonic clock to another's. Durations need no such thing.
 */
import type { GeneratorReply, ThreadOrder } from "../load/carried-job.js";
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

/** What an agent says of a job, as the controller has to read it. */
export function replyHere(reply: GeneratorReply, clock: ClockOffset): GeneratorReply {
  if (reply.kind === "report")
    return { ...reply, report: { ...reply.report, notes: notesHere(reply.report, clock) } };
  if (reply.kind !== "word" || !("window" in reply.word)) return reply;
  return { ...reply, word: { ...reply.word, notes: notesHere(reply.word, clock) } };
}

function notesHere(
  { notes }: { readonly notes: readonly ConnectionNote[] },
  { offsetNs }: ClockOffset,
): ConnectionNote[] {
  return notes.map((note) => ({ ...note, atNs: note.atNs - offsetNs }));
}
