/** What recorded sessions come to, in a few numbers, and the scenario that has the same shape. */
import { askingBytesMin, sequenceBytes } from "../../base/sized-message.js";
import { type RecordedTraffic, rateOfTraffic, replyAfterMs, type Turn } from "./session.js";

/** Messages of one direction. */
interface Direction {
  readonly messages: number;
  /** Of one connection. */
  readonly perS: number;
  /** Bytes; null for no message. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly savedPercent: number;
}

export interface TrafficSummary {
  readonly sessions: number;
  readonly up: Direction;
  readonly replies: Direction;
  /** What the server sent by itself. */
  readonly own: Direction;
  /** Of a workload. */
  readonly workload: Readonly<Record<string, unknown>>;
}

/** Of the scenario: enough for a proxy to have something to do, and few enough to begin with. */
const connections = 100;
/** Classes of a mix: sessions are put together by how often the client sends. */
const mostClasses = 4;
const leastPushBytes = 64;

export function summarise(traffic: RecordedTraffic): TrafficSummary {
  const { sessions, savedPercent } = traffic;
  const turns = sessions.flatMap((session) => session.turns);
  const replies = turns.flatMap((turn) => (replyAfterMs(turn) === null ? [] : (turn.downs[0]?.bytes ?? [])));
  const own = turns.flatMap(ownOf);
  const perS = (count: (turn: Turn) => number): number =>
    sessions.reduce((sum, { cycleMs, turns: of }) => sum + (total(of.map(count)) * 1000) / cycleMs, 0) /
    sessions.length;
  const replyPerS = perS((turn) => (replyAfterMs(turn) === null ? 0 : 1));
  const up = directionOf(
    turns.map(({ bytes }) => bytes),
    rateOfTraffic(traffic, sessions.length) / sessions.length,
    savedPercent.up,
  );
  const summary = {
    sessions: sessions.length,
    up,
    replies: directionOf(replies, replyPerS, savedPercent.down),
    own: directionOf(
      own,
      perS((turn) => ownOf(turn).length),
      savedPercent.down,
    ),
  };
  const sizes = {
    up: sizeText(
      turns.map(({ bytes }) => bytes),
      askingBytesMin,
    ),
    ...(replies.length === 0 ? {} : { down: sizeText(replies, sequenceBytes) }),
  };
  const push = {
    rate: rounded(summary.own.perS * connections),
    size: Math.max(leastPushBytes, summary.own.p50 ?? 0),
  };
  const workload = { connections, mix: mixOf(traffic), sizes, ...(own.length === 0 ? {} : { push }) };
  return { ...summary, workload };
}

function ownOf(turn: Turn): number[] {
  return turn.downs.slice(replyAfterMs(turn) === null ? 0 : 1).map(({ bytes }) => bytes);
}

function directionOf(sizes: readonly number[], perS: number, savedPercent: number): Direction {
  const at = quantilesOf(sizes);
  return {
    messages: sizes.length,
    perS: rounded(perS),
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    max: at(1),
    savedPercent,
  };
}

/** Nearest rank. */
function quantilesOf(sizes: readonly number[]): (share: number) => number | null {
  const sorted = [...sizes].sort((a, b) => a - b);
  return (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** A size that all have, or the lognormal with the same median, and the same two thirds around it. */
function sizeText(sizes: readonly number[], least: number): string {
  const at = quantilesOf(sizes);
  const of = (share: number): number => Math.max(least, at(share) ?? least);
  if (of(0) === of(1)) return String(of(0));
  const spread = Math.min(100, Math.sqrt(of(0.841) / of(0.159)));
  return `lognormal(${of(0.5)}, ${rounded(Math.max(1, spread))})`;
}

/** Groups of equally many sessions, by their rates; those of one rate are one. */
function mixOf(traffic: RecordedTraffic): { share: number; rate: number }[] {
  const rates = traffic.sessions
    .map((session) => rateOfTraffic({ ...traffic, sessions: [session] }, 1))
    .sort((a, b) => a - b);
  const groups = Math.min(mostClasses, rates.length);
  const counts = new Map<number, number>();
  for (let group = 0; group < groups; group++) {
    const from = Math.floor((group * rates.length) / groups);
    const of = rates.slice(from, Math.floor(((group + 1) * rates.length) / groups));
    const rate = rounded(total(of) / of.length);
    counts.set(rate, (counts.get(rate) ?? 0) + of.length);
  }
  return [...counts].map(([rate, count]) => ({ share: Number((count / rates.length).toFixed(4)), rate }));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** To three digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
