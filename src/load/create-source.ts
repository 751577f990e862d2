/**
 * The messages of a job: the workload's own, stamped ones among them where they are asked for, or what the user's own
 * backend is told.
 */
import { createMessageSource, type MessageSource } from "./message-source.js";
import type { ThreadJob } from "./messages.js";
import { SizedSource } from "./shape/sized-source.js";
import { stampSome } from "./stamped-source.js";
import type { Fills } from "./talk/fills.js";
import { createTalkSource } from "./talk/talk-source.js";

/** What a job says of its messages. */
type Asked = Pick<ThreadJob, "message" | "shape" | "talk" | "seed" | "answers" | "splitEvery" | "pair">;

/** @param fills null without a talk */
export function createSource(
  { message, shape, talk, seed, answers, splitEvery, pair: given }: Asked,
  fills: Fills | null,
): MessageSource {
  const pair = given ?? null;
  if (talk !== null && talk.message !== null && fills !== null)
    return createTalkSource(talk, talk.message, fills);
  if (message.kind === "own") throw new RangeError("A message of the user's own comes with a talk");
  if (message.kind === "sized") {
    if (shape.sizes === null) throw new RangeError("Messages of many sizes come with a shape");
    const { sizes, savedPercent } = shape;
    return new SizedSource({ sizes, savedPercent, binary: message.binary, seed, splitEvery, pair });
  }
  if (message.kind === "replayed") throw new RangeError("Recorded messages come with their sessions");
  const plain = createMessageSource(message, { seed, answers });
  return splitEvery > 0
    ? stampSome(plain, splitEvery, message.kind === "ping" ? 0 : message.bytes, pair)
    : plain;
}
