/**
 * Whether a step failed for want of time in generator and backend, and not in the proxy. On two processors they share
 * one, of which each alone may look half idle: with small messages they had 98 % of it together where nginx had 77 % of
 * its own.
 */
import { ownShare } from "../bearable-rate.js";
import type { Placement } from "../placement.js";
import { busiestWorkerShare } from "../proxy-cost.js";
import type { TrialRecord } from "../trial-record.js";
import type { StepVerdict } from "./capacity-step.js";

/** Of a processor; beyond it messages wait for the tool itself. */
const mostOwnShare = 0.95;

type Readings = Pick<TrialRecord, "generator" | "backendCpuShare" | "proxyCost">;

/** @returns the verdict, or void for a failed step in which generator and backend were busier than the proxy */
export function voidByOwnLimit(
  verdict: StepVerdict,
  record: Readings,
  placement: Pick<Placement, "generator" | "backend">,
): StepVerdict {
  const own = ownShare(record, placement);
  if (verdict.outcome !== "fail" || own <= mostOwnShare) return verdict;
  const proxy = record.proxyCost === null ? null : busiestWorkerShare(record.proxyCost);
  // Of a foreign proxy nothing is known but that we were at our limit.
  if (proxy !== null && proxy >= own) return verdict;
  const words = `generator and backend: ${Math.round(own * 100)} % of a processor, at their limit before the proxy`;
  return { outcome: "void", because: [words, ...verdict.because] };
}
