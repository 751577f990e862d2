/**
 * Runs of a scenario over commits: each arm's ratio to a pinned reference arm, and where its level moved. It informs and
 * never gates: only what ran in one run may fail anything (docs/statistics.md, Stored baselines and history).
 */
import type { HistoryDocument } from "../../results/history-document.js";
import type { HistoryEntry } from "../../results/history-entry.js";
import type { MetricName } from "../../scenario/metric.js";
import { findChangePoints } from "../../stats/change-points.js";
import { middleOf } from "../../stats/middle-of.js";
import { normalQuantile } from "../../stats/normal-quantile.js";
import { defaultDecisionPlan } from "../series/decision-plan.js";
import { differenceOfLoads } from "../series/load-difference.js";

type Series = HistoryDocument["series"][number];
type Point = Series["points"][number];
type Reference = HistoryDocument["references"][number];

interface HistoryQuestion {
  readonly scenario: string;
  /** Oldest first; not empty. */
  readonly entries: readonly HistoryEntry[];
  /** Name of the arm to divide by; null: each group's baseline. */
  readonly reference: string | null;
  /** Null: every metric that the newest run has. */
  readonly metric: MetricName | null;
}

const z95 = normalQuantile(0.975);

/** The reference is pinned as the newest run has it: runs in which it was another config, version or load are left out. */
export function runHistory({ scenario, entries, reference, metric }: HistoryQuestion): HistoryDocument {
  const newest = entries.at(-1);
  const references = newest === undefined ? [] : pinReferences(newest, reference);
  const leftOut = references.flatMap((pinned) => leftOutOf(entries, pinned));
  const series = references.flatMap((pinned) => seriesOf(entries, pinned, metric));
  return {
    schemaVersion: 1,
    scenario,
    runs: entries.map(({ runId, tags, startedAt, commit, machine, toolVersion }) => ({
      runId,
      ...(tags === undefined ? {} : { tags }),
      startedAt,
      commit,
      machine,
      toolVersion,
    })),
    references,
    series,
    leftOut,
    warnings: [],
  };
}

function pinReferences({ arms }: HistoryEntry, name: string | null): Reference[] {
  // An arm of a matrix has its group behind its name, unless just that name was given.
  const hasName = arms.some((arm) => arm.name === name);
  const isWanted = (arm: HistoryEntry["arms"][number]): boolean => {
    if (name === null) return arm.isBaseline;
    return hasName ? arm.name === name : arm.name.startsWith(`${name}.`);
  };
  return arms
    .filter((arm) => isWanted(arm) && isPinnable(arm))
    .map(({ name, group, kind, version, configSha256, load }) => ({
      name,
      group,
      kind,
      version,
      configSha256,
      load,
    }));
}

/** What stands behind a URL may have changed between two runs, and nothing would tell. */
function isPinnable({ kind }: HistoryEntry["arms"][number]): boolean {
  return kind !== "url";
}

function leftOutOf(entries: readonly HistoryEntry[], pinned: Reference): HistoryDocument["leftOut"] {
  return entries.flatMap((entry) => {
    const reason = whyNotThrough(entry, pinned);
    return reason === null ? [] : [{ runId: entry.runId, reference: pinned.name, ...reason }];
  });
}

type LeftOutReason = Pick<HistoryDocument["leftOut"][number], "code" | "reason">;

/** Null when the run's ratios to the reference belong into the series. */
function whyNotThrough(entry: HistoryEntry, pinned: Reference): LeftOutReason | null {
  const arm = entry.arms.find(({ name }) => name === pinned.name);
  if (arm === undefined) return { code: "no-reference", reason: `it has no arm ${pinned.name}` };
  if (arm.kind !== pinned.kind || arm.configSha256 !== pinned.configSha256) {
    return { code: "other-config", reason: `${pinned.name} had another config` };
  }
  if (arm.version !== pinned.version) {
    return { code: "other-version", reason: `${pinned.name} ran on ${arm.kind} ${arm.version ?? "?"}` };
  }
  const difference = differenceOfLoads(arm.load, pinned.load);
  if (difference !== null) return { code: "other-load", reason: `it had another load: ${difference}` };
  const ratios = entry.ratios.filter((one) => one.arm === pinned.name || one.reference === pinned.name);
  const { minBlocks } = defaultDecisionPlan;
  if (ratios.every(({ blocks }) => blocks < minBlocks)) {
    return { code: "too-few-blocks", reason: `it has fewer than ${minBlocks} complete blocks` };
  }
  return null;
}

function seriesOf(entries: readonly HistoryEntry[], pinned: Reference, metric: MetricName | null): Series[] {
  const usable = entries.filter((entry) => whyNotThrough(entry, pinned) === null);
  const points = new Map<string, { readonly arm: string; readonly metric: MetricName; points: Point[] }>();
  for (const entry of usable) {
    for (const ratio of entry.ratios) {
      const turned = throughReference(ratio, pinned.name);
      if (turned === null || (metric !== null && ratio.metric !== metric)) continue;
      if (ratio.blocks < defaultDecisionPlan.minBlocks) continue;
      const key = JSON.stringify([turned.arm, ratio.metric]);
      const one = points.get(key) ?? { arm: turned.arm, metric: ratio.metric, points: [] };
      points.set(key, one);
      one.points.push(toPoint(entry, ratio, turned.logRatio));
    }
  }
  return [...points.values()].map((one) => ({
    reference: pinned.name,
    group: pinned.group,
    ...one,
    ...levelsOf(one.points),
  }));
}

function throughReference(
  { arm, reference, logRatio }: HistoryEntry["ratios"][number],
  pinned: string,
): { readonly arm: string; readonly logRatio: number } | null {
  if (reference === pinned) return { arm, logRatio };
  return arm === pinned ? { arm: reference, logRatio: -logRatio } : null;
}

function toPoint(
  { runId }: HistoryEntry,
  { blocks, se }: HistoryEntry["ratios"][number],
  logRatio: number,
): Point {
  const end = (sign: 1 | -1): number | null => (se === null ? null : Math.exp(logRatio + sign * z95 * se));
  return { runId, blocks, logRatio, se, ratio: Math.exp(logRatio), ciLow: end(-1), ciHigh: end(1) };
}

/** The levels that the change points part the series into, and the changes between them. */
function levelsOf(points: readonly Point[]): Pick<Series, "levels" | "changes"> {
  const found = findChangePoints(points.map(({ logRatio }) => logRatio));
  const starts = [0, ...found.map(({ index }) => index)];
  const levels = starts.map((from, i) => {
    const members = points.slice(from, starts[i + 1]);
    return {
      firstRunId: members[0]?.runId ?? "",
      lastRunId: members.at(-1)?.runId ?? "",
      runs: members.length,
      ratio: Math.exp(middleOf(members.map(({ logRatio }) => logRatio)) ?? 0),
    };
  });
  const changes = found.map(({ index, shift, correctedP }) => ({
    runId: points[index]?.runId ?? "",
    previousRunId: points[index - 1]?.runId ?? "",
    shiftLog: shift,
    shift: Math.expm1(shift),
    correctedP,
  }));
  return { levels, changes };
}
