/**
 * What a line between clients and proxy did, and whether it was itself what the clients felt.
 */
import type { LineFigures } from "../../line/line-messages.js";
import type { Weather } from "../../line/weather.js";
import { isWeather, type RolloutEvent } from "./rollout-event.js";
import type { RolloutWeather } from "./rollout-weather.js";

export interface LineBill {
  readonly usual: Weather;
  /** What the event brought, and for how long; null for other events. */
  readonly bad: (Weather & { readonly lastsMs: number }) | null;
  readonly packets: Omit<LineFigures, "lateUs" | "busyShare">;
  readonly lateUs: LineFigures["lateUs"];
  readonly busyShare: number;
  /** It lost packets for want of speed, or was late by more than it is to be felt. */
  readonly isLimit: boolean;
}

/** A tenth of the delay, or a millisecond, is what nobody asks a line for. */
const lateLeastUs = 1000;
const lateShare = 0.1;

export function lineBill(
  event: RolloutEvent,
  { usual, bad, lastsS }: RolloutWeather,
  { lateUs, busyShare, ...packets }: LineFigures,
): LineBill {
  const lateMostUs = Math.max(lateLeastUs, lateShare * bad.delayMs * 1e3);
  return {
    usual,
    bad: isWeather(event) ? { ...bad, lastsMs: lastsS * 1e3 } : null,
    packets,
    lateUs,
    busyShare,
    isLimit: packets.overflowed > 0 || (lateUs.p99 ?? 0) > lateMostUs,
  };
}
