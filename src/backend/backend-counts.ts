/**
 * What a pong server has seen and done since it started or since the last reset, so that a run can tell its own doing
 * from the proxy's. Cheap: nothing of it is counted per message but messages and wrong answers.
 */

import type { PushCounts } from "./push-order.js";

/** How often, by HTTP status or close code. */
export type CountsByCode = Readonly<Record<number, number>>;

/** How upgraded connections ended, each counted once, by whoever ended first as the server saw it. */
export interface EndingCounts {
  /** The server ended the stream without a close frame (`--once`). */
  readonly ownEof: number;
  /** The server sent RST. */
  readonly ownReset: number;
  /** Close frames that the server sent unasked, by code. */
  readonly ownClose: CountsByCode;
  /** Close frames that the server sent because what it received broke the protocol, by code. */
  readonly faultClose: CountsByCode;
  /** Close frames that came first, by code; 1005 for one without a code (RFC 6455, 7.1.5). */
  readonly peerClose: CountsByCode;
  /** The peer ended the stream without a close frame. */
  readonly peerEof: number;
  /** The peer sent RST. */
  readonly peerReset: number;
}

/** Answers that went wrong on the server's side. */
export interface AnswerFaultCounts {
  /** Left out on purpose. */
  readonly dropped: number;
  /** Sent a second time. */
  readonly repeated: number;
  /** Changed. */
  readonly altered: number;
  /** Given more than `slowAnswerNs` after their message had come; null where that is not measured. */
  readonly slow: number | null;
}

/** What came without the run's token. */
export interface OthersCounts {
  readonly websockets: number;
  /** Health checks, pages, upgrades that were refused. */
  readonly otherRequests: number;
  readonly messages: number;
}

/** Where there is a token, of what came with it; but for `accepted`, for it comes later. */
export interface BackendCounts {
  /** TCP connections. */
  readonly accepted: number;
  readonly upgrades: number;
  /** Upgrade requests answered with something else than 101. */
  readonly refusedUpgrades: number;
  /** The same by status. */
  readonly refusals: CountsByCode;
  /** Requests that asked for no upgrade, by the status they were answered with. */
  readonly pages: CountsByCode;
  /** Connections that the server ended because their request did not come. */
  readonly unanswered: number;
  readonly open: number;
  readonly endings: EndingCounts;
  readonly messagesReceived: number;
  readonly messagesSent: number;
  /** Bytes of their payloads. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly answerFaults: AnswerFaultCounts;
  /** What was sent unasked, by an order; in no other count. */
  readonly pushes: PushCounts;
  /** How often a connection could not be accepted for want of a descriptor; null where that is not told. */
  readonly acceptFailures: number | null;
  /** Absent where everybody counts. */
  readonly others?: OthersCounts;
}

/** Half of what a run waits for the last replies: an answer that took longer makes a late reply the server's. */
export const slowAnswerNs = 2.5e9;

export type MutableCodes = Record<number, number>;

export function addCode(codes: MutableCodes, code: number): void {
  codes[code] = (codes[code] ?? 0) + 1;
}

/** The sum over all codes. */
export function totalOf(codes: CountsByCode): number {
  return Object.values(codes).reduce((sum, count) => sum + count, 0);
}

/** What several servers have counted, as one; null for none. */
export function mergeBackendCounts(counts: readonly BackendCounts[]): BackendCounts | null {
  if (counts.length === 0) return null;
  const sum = (pick: (count: BackendCounts) => number): number =>
    counts.reduce((total, count) => total + pick(count), 0);
  const sumKnown = (pick: (count: BackendCounts) => number | null): number | null =>
    counts.some((count) => pick(count) === null) ? null : sum((count) => pick(count) ?? 0);
  const codes = (pick: (count: BackendCounts) => CountsByCode): CountsByCode => mergeCodes(counts.map(pick));
  return {
    accepted: sum(({ accepted }) => accepted),
    upgrades: sum(({ upgrades }) => upgrades),
    refusedUpgrades: sum(({ refusedUpgrades }) => refusedUpgrades),
    refusals: codes(({ refusals }) => refusals),
    pages: codes(({ pages }) => pages),
    unanswered: sum(({ unanswered }) => unanswered),
    open: sum(({ open }) => open),
    endings: {
      ownEof: sum(({ endings }) => endings.ownEof),
      ownReset: sum(({ endings }) => endings.ownReset),
      ownClose: codes(({ endings }) => endings.ownClose),
      faultClose: codes(({ endings }) => endings.faultClose),
      peerClose: codes(({ endings }) => endings.peerClose),
      peerEof: sum(({ endings }) => endings.peerEof),
      peerReset: sum(({ endings }) => endings.peerReset),
    },
    messagesReceived: sum(({ messagesReceived }) => messagesReceived),
    messagesSent: sum(({ messagesSent }) => messagesSent),
    bytesReceived: sum(({ bytesReceived }) => bytesReceived),
    bytesSent: sum(({ bytesSent }) => bytesSent),
    answerFaults: {
      dropped: sum(({ answerFaults }) => answerFaults.dropped),
      repeated: sum(({ answerFaults }) => answerFaults.repeated),
      altered: sum(({ answerFaults }) => answerFaults.altered),
      slow: sumKnown(({ answerFaults }) => answerFaults.slow),
    },
    pushes: { due: sum(({ pushes }) => pushes.due), sent: sum(({ pushes }) => pushes.sent) },
    acceptFailures: sumKnown(({ acceptFailures }) => acceptFailures),
    ...(counts.some(({ others }) => others !== undefined)
      ? { others: sumOfOthers(counts.flatMap(({ others }) => others ?? [])) }
      : {}),
  };
}

export function sumOfOthers(all: readonly OthersCounts[]): OthersCounts {
  const sum = (pick: (one: OthersCounts) => number): number =>
    all.reduce((total, one) => total + pick(one), 0);
  return {
    websockets: sum(({ websockets }) => websockets),
    otherRequests: sum(({ otherRequests }) => otherRequests),
    messages: sum(({ messages }) => messages),
  };
}

function mergeCodes(all: readonly CountsByCode[]): CountsByCode {
  const merged: MutableCodes = {};
  for (const codes of all) {
    for (const [code, count] of Object.entries(codes))
      merged[Number(code)] = (merged[Number(code)] ?? 0) + count;
  }
  return merged;
}
