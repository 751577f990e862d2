/**
 * What a reader must know before believing a capacity.
 */
import type { ArmCapacity, Capacity } from "../../results/capacity-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { agentWarnings } from "../agent-warnings.js";

type Warning = RunDocument["warnings"][number];

/** A load this much below another one that passed should not have failed. */
const disagreement = 1.15;
/** Processor time of other programs, of one processor, beyond which they have a say in what is carried. */
const busyShare = 0.25;

export interface SearchEnd {
  /** Whether the time was over first. */
  readonly isCutShort: boolean;
  /** Whether costs were asked for. */
  readonly costs: boolean;
}

export function capacityWarnings(
  { arms, environment }: RunDocument,
  capacity: Capacity,
  { isCutShort, costs }: SearchEnd,
): Warning[] {
  const names = (kind: string): string =>
    arms
      .filter(({ proxy }) => proxy.kind === kind)
      .map(({ name }) => name)
      .join(", ");
  const warnings: Warning[] = agentWarnings({ environment }, "whole");
  if (names("embedded") !== "") {
    warnings.push({
      code: "embedded-relay",
      message: `${names("embedded")}: a plain relay in Node, which stands for no proxy of the real world`,
    });
  }
  if (names("url") !== "") {
    warnings.push({
      code: "instance-not-restarted",
      message: `${names("url")}: kept running through all steps, so an overload may be felt in the next one`,
    });
  }
  if (isCutShort) {
    warnings.push({
      code: "search-cut-short",
      message: "the time was over before the search was: intervals are wider than they could be",
    });
  }
  const untold = isCutShort && costs ? [capacity, ...capacity.others].filter(lacksCosts) : [];
  if (untold.length > 0) {
    warnings.push({
      code: "costs-not-measured",
      message: `${untold.map(({ arm }) => arm).join(", ")}: no time was left for --costs after the search: --max-seconds gives it more`,
    });
  }
  return [...warnings, ...[capacity, ...capacity.others].flatMap(armWarnings)];
}

/** Memory comes last: where it was not reached, some of the costs are missing. */
function lacksCosts({ cost, steps }: ArmCapacity): boolean {
  return steps.length > 0 && cost?.bytesPerConnection == null;
}

function armWarnings({ arm, ratePerS, steps }: ArmCapacity): Warning[] {
  const warnings: Warning[] = [];
  if (ratePerS?.isAtLeast) {
    warnings.push({
      code: "generator-limit",
      message: `${arm}: the generator gave out before the proxy did; fewer other programs, more processors or --threads may take it further`,
    });
  }
  const search = steps.filter(({ kind, ratePerS: load }) => kind === "search" && load !== null);
  const loads = (outcome: string): number[] =>
    search.filter((step) => step.outcome === outcome).map((step) => step.ratePerS ?? 0);
  const least = Math.min(...loads("fail"));
  const most = Math.max(0, ...loads("pass"));
  if (most > least * disagreement) {
    const words = [least, most].map((load) => Math.round(load).toLocaleString("en"));
    warnings.push({
      code: "steps-disagree",
      message: `${arm}: ${words[0]}/s failed and ${words[1]}/s passed; on a machine this noisy the interval may be too narrow: run it again`,
    });
  }
  const others = search.flatMap(({ trial }) => trial.generator.otherShare ?? []).sort((a, b) => a - b)[
    Math.floor(search.length / 2)
  ];
  if (others !== undefined && others > busyShare) {
    warnings.push({
      code: "machine-busy",
      message: `${arm}: other programs took ${Math.round(others * 100)} % of a processor while it was searched: on a quiet machine it carries more`,
    });
  }
  const isVoid = search.filter(({ outcome }) => outcome === "void").length;
  if (isVoid > 0) {
    warnings.push({
      code: "steps-void",
      message: `${arm}: ${isVoid} of ${search.length} steps say nothing, for the generator was not fit in them`,
    });
  }
  return warnings;
}
