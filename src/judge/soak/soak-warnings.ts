/**
 * What a reader must know before believing a soak.
 */
import type { RunDocument } from "../../results/run-document.js";
import type { Soak } from "../../results/soak-schema.js";
import { agentWarnings } from "../agent-warnings.js";
import { roomWarnings } from "../series/run-warnings.js";

type Warning = RunDocument["warnings"][number];

/** Processor time of other programs, of one processor, beyond which latencies are theirs as well. */
const busyShare = 0.25;
/** Share of what was due that came too late by this much. */
const leastServed = 0.99;

export function soakWarnings(
  { arms, environment }: Pick<RunDocument, "arms" | "environment">,
  soak: Soak,
): Warning[] {
  const { arm, windows, ratePerS, misplaced = [], voidWindows = [] } = soak;
  const kind = arms.find(({ name }) => name === arm)?.proxy.kind;
  const warnings: Warning[] = [...agentWarnings({ environment }, "whole"), ...roomWarnings({ arms })];
  if (kind === "embedded") {
    warnings.push({
      code: "embedded-relay",
      message: `${arm}: a plain relay in Node, whose memory goes up and down with its garbage collector`,
    });
  }
  if (windows.length > 0 && windows.every(({ rssBytes }) => rssBytes === null)) {
    warnings.push({
      code: "memory-not-measured",
      message: `${arm}: no process of a proxy can be seen, so nothing is said of its memory`,
    });
  }
  if (misplaced.length > 0) {
    warnings.push({
      code: "misplaced",
      message: `${misplaced.join("; ")}: times and costs are not those of the placement that was planned`,
    });
  }
  const [lost] = voidWindows;
  if (lost !== undefined) {
    warnings.push({
      code: "windows-void",
      message: `${arm}: ${voidWindows.length} of ${voidWindows.length + windows.length} windows do not count, the first after ${Math.round(lost.atS)} s: ${lost.reason}`,
    });
  }
  const busy = windows.filter(({ otherShare }) => (otherShare ?? 0) > busyShare).length;
  if (busy > windows.length / 2) {
    warnings.push({
      code: "machine-busy",
      message: `${arm}: other programs took more than ${busyShare * 100} % of a processor in ${busy} of ${windows.length} windows: a drift of latencies may be theirs`,
    });
  }
  const served = windows.reduce((sum, { received }) => sum + received, 0);
  const offered = windows.reduce((sum, { durationS }) => sum + durationS * (ratePerS ?? 0), 0);
  if (offered > 0 && served < leastServed * offered) {
    warnings.push({
      code: "offer-not-met",
      message: `${arm}: ${Math.round((100 * served) / offered)} % of what was due was answered within the soak: the load was not constant, and trends follow it`,
    });
  }
  return warnings;
}
