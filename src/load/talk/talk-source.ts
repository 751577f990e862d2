/**
 * The messages of a user's own backend: texts with places, and replies told by the conversation's rule.
 */
import type { MessageSource } from "../message-source.js";
import { wrongReply } from "../message-source.js";
import type { Fills } from "./fills.js";
import { anyMessage, type MessagePattern, patternOf, samePattern } from "./message-pattern.js";
import { MessageText, piecesOf } from "./message-text.js";
import type { Talk, TalkText } from "./talk.js";

/** @param message of the talk */
export function createTalkSource(talk: Talk, message: TalkText, fills: Fills): MessageSource {
  const { binary, reply } = talk;
  const encoding = binary ? "latin1" : "utf8";
  const texts = fills.each([message], (fill) => new MessageText(piecesOf(message, fill, encoding)));
  const patterns = fills.each(
    [message, ...("value" in reply ? [reply.value] : [])],
    (fill): MessagePattern => {
      if (reply.match === "next") return anyMessage;
      return reply.match === "same" ? samePattern(message, fill, encoding) : patternOf(reply, fill, encoding);
    },
  );
  const mayDiffer = reply.match !== "same";
  return {
    binary,
    stamps: null,
    messageFor: (sequence, connection) => texts(connection).write(fills.numberOf(connection), sequence),
    check: (data, start, end, isBinary, connection) =>
      isBinary === binary || mayDiffer
        ? patterns(connection).read(data, start, end, fills.numberOf(connection))
        : wrongReply,
  };
}
