/**
 * What an event cost, in sentences.
 */
import type { Rollout } from "../../results/rollout-schema.js";
import { formatBytes, formatCount, formatNumberOf, formatUs } from "../words/format.js";
import { lineWords, weatherWords } from "./line-words.js";

/** As the subject of a sentence about one or many of them. */
const subjects: Readonly<Record<Rollout["event"], readonly [one: string, many: string]>> = {
  reload: ["reload", "reloads"],
  "reload-same": ["reload of an unchanged config", "reloads of an unchanged config"],
  restart: ["restart", "restarts"],
  kill: ["kill of the whole proxy", "kills of the whole proxy"],
  "kill-worker": ["kill of a worker", "kills of a worker"],
  upgrade: ["upgrade", "upgrades"],
  cert: ["new certificate", "new certificates"],
  "backend-down": ["failure of the backend", "failures of the backend"],
  "backend-drain": ["drain of the backend", "drains of the backend"],
  "blue-green": ["switch to another backend", "switches to another backend"],
  "dead-peers": ["silent death of other clients", "silent deaths of other clients"],
  delay: ["delay", "delays"],
  loss: ["loss of packets", "losses of packets"],
  "slow-readers": ["standstill of slow readers", "standstills of slow readers"],
  storm: ["end of all connections at the backend", "ends of all connections at the backend"],
};

/** `3 reloads 1 s apart`. */
function eventsText({ event, eventsMs, upgrade, line }: Rollout): string {
  const [one, many] = subjects[event];
  const versions =
    line?.bad != null
      ? ` ${weatherWords(event, line.bad)}`
      : upgrade == null || upgrade.from === upgrade.to
        ? ""
        : ` from ${upgrade.from} to ${upgrade.to}`;
  return `${eventsMs.length === 1 ? `this ${one}` : `these ${eventsMs.length} ${many}`}${versions}`;
}

interface RolloutSentence {
  /** "This reload cut 2,000 of 2,000 clients". */
  readonly lead: string;
  readonly rest: string;
}

/** The bill in one sentence. @param isOneOfMany the tables say of each what took long */
export function rolloutSentence(rollout: Rollout, { isOneOfMany = false } = {}): RolloutSentence {
  const { clients, lost, lostMs, reconnects, watchedMs, certificate, backends, slowReaders, proxy } = rollout;
  const seen = [
    ...(certificate == null ? [] : [certificateWords(certificate)]),
    ...(backends == null ? [] : [backendWords(backends)]),
  ];
  if (slowReaders != null) seen.push(slowReaderWords(slowReaders));
  seen.push(...lineWords(rollout));
  const subject = capital(eventsText(rollout));
  const all = `${formatCount(clients)} ${clients === 1 ? "client" : "clients"}`;
  const slowWords = isOneOfMany ? [] : slowClauses(rollout);
  if (lost.count === 0) {
    const watched = `nobody was lost in the ${formatMs(watchedMs)} after it`;
    const replies =
      rollout.repliesLost === 0 ? [] : [`${formatNumberOf(rollout.repliesLost, "message")} never answered`];
    return {
      lead: `${subject} cut none of ${all}`,
      rest: `: ${[...seen, watched, ...replies, ...slowWords].join("; ")}`,
    };
  }
  const back =
    reconnects.allBackAfterMs === null
      ? `${formatCount(reconnects.notBack)} were not back after ${formatMs(watchedMs)}${proxy.processesAfter === 0 ? ", and no process of the proxy was left" : ""}`
      : `all were back ${formatMs(Math.max(0, reconnects.allBackAfterMs - (lostMs?.last ?? 0)))} later`;
  return {
    lead: `${subject} cut ${formatCount(lost.count)} of ${all}`,
    rest: ` ${[`${whenWords(lostMs)}${howWords(rollout)}`, back, ...seen, ...slowWords].join("; ")}`,
  };
}

/** What was slow before the event is not its doing. */
function slowClauses({ slow: { forMs, aboveUs }, latencyUs: { before } }: Rollout): string[] {
  if (forMs === 0 || forMs === null) return [];
  return before.p99 !== null && before.p99 > aboveUs
    ? [`p99 was above ${formatUs(aboveUs)} before it too`]
    : [`p99 was above ${formatUs(aboveUs)} for ${formatMs(forMs)}`];
}

/** `all are at the new backend`. */
function backendWords({ before, after }: NonNullable<Rollout["backends"]>): string {
  if (before === 0 || after === 0)
    return before === 0 ? "all are at the new backend" : "all are still at the old backend";
  return `${formatCount(before)} are still at the old backend, ${formatCount(after)} at the new one`;
}

/** `new clients saw the new certificate 120 ms after it`. */
function certificateWords({ newSeenAfterMs, failedHandshakes }: NonNullable<Rollout["certificate"]>): string {
  const seen =
    newSeenAfterMs === null
      ? "new clients never saw the new certificate"
      : `new clients saw the new certificate ${formatMs(newSeenAfterMs)} after it`;
  return failedHandshakes === 0
    ? seen
    : `${seen}, and ${formatNumberOf(failedHandshakes, "handshake")} failed`;
}

/** `100 stopped reading, which took 32 KiB of the proxy's memory each; 3 of them were cut`. */
function slowReaderWords({ count, cut, rssBytesEach }: NonNullable<Rollout["slowReaders"]>): string {
  const memory =
    rssBytesEach === null ? "" : `, which took ${formatBytes(rssBytesEach)} of the proxy's memory each`;
  const ended = cut === 0 ? "" : `; ${formatCount(cut)} of them were cut`;
  return `${formatCount(count)} stopped reading${memory}${ended}`;
}

/** `2.0 s after it`, or over which time. */
function whenWords(lostMs: Rollout["lostMs"]): string {
  if (lostMs === null) return "";
  const { first, last } = lostMs;
  if (last < 100) return "at once";
  return last - first < Math.max(100, 0.1 * last)
    ? `${formatMs(first)} after it`
    : `from ${formatMs(first)} to ${formatMs(last)} after it`;
}

const kindWords: Readonly<Record<string, string>> = {
  eof: "without a close frame",
  reset: "by a reset",
  protocol: "by a broken frame",
  tls: "by an end of TLS",
};

/** `, 1,996 without a close frame and 4 by a reset`. */
function howWords({ lost }: Rollout): string {
  const ways = new Map<string, number>();
  for (const { kind, closeCode, count } of lost.byEnding) {
    const way =
      kind === "closed" ? `with close code ${closeCode ?? 1005}` : (kindWords[kind] ?? `by ${kind}`);
    ways.set(way, (ways.get(way) ?? 0) + count);
  }
  const [only, ...others] = [...ways];
  if (only === undefined) return "";
  if (others.length === 0) return `, ${only[0]}`;
  return `, ${[only, ...others].map(([way, count]) => `${formatCount(count)} ${way}`).join(", ")}`;
}

export function formatMs(ms: number | null): string {
  return formatUs(ms === null ? null : ms * 1e3);
}

/** Each side's share of the lost, in words: `side proxy`. */
export function sidesText({ lost }: Rollout): string {
  const sides = new Map<string, number>();
  for (const { side, count } of lost.byEnding) sides.set(side, (sides.get(side) ?? 0) + count);
  return [...sides]
    .map(([side, count]) => (sides.size === 1 ? side : `${formatCount(count)} ${side}`))
    .join(", ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
