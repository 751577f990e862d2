/**
 * Whether a trial measured the proxy or the generator itself.
 */
import type { GeneratorHealth } from "./trial-record.js";

/** A thread busier than this has no slack left: what it measures is its own queue. */
const saturatedCpuShare = 0.95;
/** Sends may wait for Node's millisecond timers, and no longer. */
const lateSendLagUs = 10_000;
/** Sends may fall short of the schedule by this share before the offer was not the one asked for. */
const offerTolerance = 0.01;

export interface GeneratorReadings {
  /** Of the busiest thread; null where not measured. */
  readonly cpuShare: number | null;
  /** Null in a closed loop. */
  readonly sendLagUsP99: number | null;
  /** Messages that fell due in the window, and those sent of them; null in a closed loop. */
  readonly offered: { readonly due: number; readonly sent: number } | null;
}

export function judgeGenerator({ cpuShare, sendLagUsP99, offered }: GeneratorReadings): GeneratorHealth {
  const reasons: string[] = [];
  if (cpuShare !== null && cpuShare > saturatedCpuShare) reasons.push("generator-saturated");
  if (sendLagUsP99 !== null && sendLagUsP99 > lateSendLagUs) reasons.push("sends-late");
  if (offered !== null && offered.sent < offered.due * (1 - offerTolerance)) reasons.push("sends-missing");
  return { cpuShare, sendLagUsP99, healthy: reasons.length === 0, reasons };
}
