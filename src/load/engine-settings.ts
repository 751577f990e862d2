/** What a job tells its engine. */
import type { Message } from "../scenario/message.js";
import type { EngineSettings } from "./engine.js";
import type { ThreadJob } from "./messages.js";

export function settingsOf(job: ThreadJob): Omit<EngineSettings, "events"> {
  const { target, connections, sources, handshakeTimeoutMs, busyPoll, message } = job;
  return {
    target,
    connections,
    sources,
    handshakeTimeoutMs,
    busyPoll,
    replyBytesMax: replyBytesMax(message),
  };
}

const foreignAnswerBytes = 1024 * 1024;

/**
 * Largest reply taken to such messages. A server may begin one on every connection and end none: what is kept of them is
 * this many bytes each.
 */
export function replyBytesMax(message: Message): number {
  return Math.max(foreignAnswerBytes, message.kind === "payload" ? message.bytes : 0);
}
