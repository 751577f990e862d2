/**
 * Whether a trial measured the proxy or the generator itself.
 */
import type { GeneratorHealth } from "./trial-record.js";

/** A thread busier than this has no slack left: what it measures is its own queue. */
const saturatedCpuShare = 0.95;
/** Beyond, sends waited for something else than a timer. */
export const lateSendLagUs = 10_000;
/** A typical slice is one without it as long as fewer than half have it. */
const mostLateShare = 0.5;
/** Sends may fall short of the schedule by this share before the offer was not the one asked for. */
const offerTolerance = 0.01;
/** A hypervisor that took more than this of one processor had a say in every latency. */
const stolenShare = 0.25;
/** Little's law holds exactly over a long window; what is under way at its edges makes up for this. */
const littlesLawTolerance = 0.03;

export interface GeneratorReadings {
  /** Of the busiest thread; null where not measured. */
  readonly cpuShare: number | null;
  /** Null in a closed loop. */
  readonly sendLagUsP99: number | null;
  /** As `ArrivalCheck.off` has it, of the thread furthest off. */
  readonly arrivalsOff: number | null;
  /**
   * In how many of the window's slices it stood still for too long, as a share; null where the whole window has to be
   * without.
   */
  readonly lateShare: number | null;
  /** Messages that fell due in the window, and those sent of them; null in a closed loop. */
  readonly offered: { readonly due: number; readonly sent: number } | null;
  /**
   * Connections that wait for a reply at any instant, as counted and as throughput × mean round trip gives them
   * (Little, 1961: L = λW); null in an open loop, or where nothing came back.
   */
  readonly waiting: { readonly connections: number; readonly byLittlesLaw: number } | null;
  /** Of one processor; null where not told. */
  readonly stealShare: number | null;
  readonly otherShare: number | null;
  /** How much more the round trip's percentiles are than the wire's, which end when the kernel had the reply; null without stamps. */
  readonly wireGapUsP50: number | null;
  readonly wireGapUsP99: number | null;
}

/** @param others what beside it makes another machine of this one: what ran elsewhere than it was meant to, or not at all for a while */
export function judgeGenerator(readings: GeneratorReadings, others: readonly string[] = []): GeneratorHealth {
  const { cpuShare, sendLagUsP99, lateShare, offered, waiting, stealShare } = readings;
  const reasons: string[] = [];
  if (cpuShare !== null && cpuShare > saturatedCpuShare) reasons.push("generator-saturated");
  const isLate = sendLagUsP99 !== null && sendLagUsP99 > lateSendLagUs;
  if (isLate && (lateShare === null || lateShare >= mostLateShare)) reasons.push("sends-late");
  if (offered !== null && offered.sent < offered.due * (1 - offerTolerance)) reasons.push("sends-missing");
  if (waiting !== null && isOff(waiting)) reasons.push("littles-law");
  if (stealShare !== null && stealShare > stolenShare) reasons.push("processor-stolen");
  reasons.push(...others);
  return {
    cpuShare,
    sendLagUsP99,
    arrivalsOff: readings.arrivalsOff,
    wireGapUsP50: readings.wireGapUsP50,
    wireGapUsP99: readings.wireGapUsP99,
    littlesLawRatio: waiting === null ? null : waiting.byLittlesLaw / waiting.connections,
    stealShare,
    otherShare: readings.otherShare,
    healthy: reasons.length === 0,
    reasons,
  };
}

function isOff({ connections, byLittlesLaw }: { connections: number; byLittlesLaw: number }): boolean {
  return Math.abs(byLittlesLaw / connections - 1) > littlesLawTolerance;
}
