/**
 * Whether an arm's config lets a load's connections in at all: said before any load, for a run that cannot succeed is
 * no use to anybody.
 */
import { UsageError } from "../base/errors.js";
import type { Admission, LimitName, MachineLimits } from "../diagnosis/limit.js";
import { quoteWords } from "../diagnosis/quote.js";
import type { ForetoldArm } from "./foretell-arms.js";

/** What an arm's config lets in of its load, by one of its directives. */
export interface ArmRoom {
  readonly arm: string;
  readonly limit: LimitName;
  readonly connections: number;
  readonly perS: number | null;
  readonly letsIn: number;
  readonly admission: Admission;
}

/**
 * By the directive that most speaks against the load: the tightest of those that surely turn some away, or else that
 * may, or else of all. Null where none limits any number of connections.
 */
export function armRoom({ plan, proxy }: ForetoldArm, machine: MachineLimits): ArmRoom | null {
  const { connections, rampPerS: perS } = plan.workload;
  const rooms = proxy.limits(machine).flatMap(({ name: limit, admission }) => {
    if (admission === null) return [];
    const letsIn = admission.letsIn({ connections, perS });
    return [{ arm: plan.name, limit, connections, perS, letsIn, admission }];
  });
  const weight = (room: ArmRoom): number => (isShort(room) ? 2 : scarceWords(room) === null ? 0 : 1);
  const [first] = rooms
    .filter((room) => Number.isFinite(room.letsIn))
    .sort((a, b) => weight(b) - weight(a) || a.letsIn - b.letsIn);
  return first ?? null;
}

/** Why connections may be turned away though it is not certain; null where there is room enough. */
export function scarceWords({ connections, perS, letsIn, admission }: ArmRoom): string | null {
  const { quote, isCertain } = admission;
  if (connections > letsIn) {
    const unsure = isCertain ? "" : ", if all of them count against it";
    return `lets ${count(letsIn)} of ${count(connections)} connections in${unsure}: ${quoteWords(quote)}`;
  }
  const caveat = admission.caveat({ connections, perS });
  if (caveat === null) return null;
  return `may not let all ${count(connections)} connections in, with room for ${count(letsIn)} at most: ${quoteWords(quote)}; ${caveat}`;
}

/** Whether it is certain that some of its load's connections are turned away. */
export function isShort({ connections, letsIn, admission }: ArmRoom): boolean {
  return admission.isCertain && connections > letsIn;
}

/** @throws UsageError naming every arm that has too little room, by which directive, and what would do */
export function requireRoom(arms: readonly ForetoldArm[], machine: MachineLimits): void {
  const short = arms.flatMap((arm) => {
    const room = armRoom(arm, machine);
    return room !== null && isShort(room) ? [room] : [];
  });
  if (short.length === 0) return;
  const least = Math.min(...short.map(({ letsIn }) => letsIn));
  const cures = [...new Set(short.map(({ connections, admission }) => admission.cure(connections)))];
  const fewer = least > 0 ? `--connections ${least} or fewer, or ` : "";
  throw new UsageError(
    `Cannot hold this load: ${short.map((room) => `${room.arm} ${roomWords(room)}`).join("; ")}; ` +
      `want ${fewer}${cures.join(", ")}`,
  );
}

/** `has room for 479 (511 one by one) of 1,000 connections: worker_connections 1024 (old.conf:3)`. */
export function roomWords({ connections, letsIn, admission: { quote, oneByOne } }: ArmRoom): string {
  const more = oneByOne === null || oneByOne <= letsIn ? "" : ` (${count(oneByOne)} one by one)`;
  return `has room for ${count(letsIn)}${more} of ${count(connections)} connections: ${quoteWords(quote)}`;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
