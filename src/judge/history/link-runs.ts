/**
 * Two runs through an arm that both have: (new / shared) / (old / shared), with the errors added. The runs were not
 * interleaved, so nothing absolute is compared and nothing gets a verdict (docs/statistics.md, Stored baselines and
 * history).
 */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import { isByDifference, type MetricName } from "../../scenario/metric.js";
import { normalQuantile } from "../../stats/normal-quantile.js";
import type { Reading } from "../reading.js";
import { loadDifference } from "../series/load-difference.js";
import { readPair } from "../series/read-pair.js";

export interface LinkedMetric {
  readonly metric: MetricName;
  /** Each arm over the shared one within its own run; null where not measured. */
  readonly oldRatio: number | null;
  readonly newRatio: number | null;
  /** `newRatio / oldRatio`, and its 95 % interval from `se² = se₁² + se₂²`; null without both errors. */
  readonly ratio: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
}

export interface RunLink {
  /** The arm that both runs have, by its name in each. */
  readonly shared: { readonly old: string; readonly new: string; readonly configSha256: string };
  readonly oldArm: string;
  readonly newArm: string;
  /** Both arms have the same config too: the ratio then shows what linking itself costs. */
  readonly isSameConfig: boolean;
  readonly metrics: readonly LinkedMetric[];
}

export type LinkOutcome =
  | { readonly kind: "linked"; readonly links: readonly RunLink[] }
  /** One sentence on what is missing. */
  | { readonly kind: "refused"; readonly reason: string };

const z95 = normalQuantile(0.975);

interface SharedArm {
  readonly older: ArmResult;
  readonly newer: ArmResult;
}

export function linkRuns(older: RunDocument, newer: RunDocument): LinkOutcome {
  const sameConfig = older.arms.flatMap((one) =>
    newer.arms.filter((other) => hasSameConfig(one, other)).map((other) => ({ older: one, newer: other })),
  );
  if (sameConfig.length === 0) return refuse("they share no arm with the same config (sha256)");
  const sameProxy = sameConfig.filter((arm) => arm.older.proxy.version === arm.newer.proxy.version);
  const [firstConfig] = sameConfig;
  if (sameProxy.length === 0 && firstConfig !== undefined) {
    const versions = [firstConfig.older, firstConfig.newer].map(
      ({ proxy }) => `${proxy.kind} ${proxy.version ?? "?"}`,
    );
    return refuse(`the arm that they share, ${firstConfig.older.name}, ran on ${versions.join(" and on ")}`);
  }
  const differences = sameProxy.map((arm) =>
    loadDifference([older, arm.older.name], [newer, arm.newer.name]),
  );
  const usable = sameProxy.filter((_, i) => differences[i] === null);
  const [firstProxy] = sameProxy;
  if (usable.length === 0 && firstProxy !== undefined) {
    return refuse(
      `the arm that they share, ${firstProxy.older.name}, ran under another load: ${differences[0]}`,
    );
  }
  const links = oneForEachGroup(usable, older).flatMap((shared) => linksThrough(shared, older, newer));
  return links.length === 0
    ? refuse("neither has an arm beside the one that they share")
    : { kind: "linked", links };
}

function refuse(reason: string): LinkOutcome {
  return { kind: "refused", reason };
}

function hasSameConfig(one: ArmResult, other: ArmResult): boolean {
  return (
    one.proxy.kind === other.proxy.kind &&
    one.proxy.configSha256 !== null &&
    one.proxy.configSha256 === other.proxy.configSha256
  );
}

/** The arms that others are compared with go first; within a group one link is enough. */
function oneForEachGroup(shared: readonly SharedArm[], { scenario }: RunDocument): SharedArm[] {
  const isBaseline = (arm: ArmResult): boolean =>
    scenario.pairs.some(({ baseline }) => baseline === arm.name);
  const ordered = [...shared].sort((a, b) => Number(isBaseline(b.older)) - Number(isBaseline(a.older)));
  const taken = new Set<string>();
  return ordered.filter(({ older, newer }) => {
    const keys = [`old ${older.group}`, `new ${newer.group}`];
    if (keys.some((key) => taken.has(key))) return false;
    for (const key of keys) taken.add(key);
    return true;
  });
}

function linksThrough(shared: SharedArm, older: RunDocument, newer: RunDocument): RunLink[] {
  const beside = (document: RunDocument, arm: ArmResult): ArmResult[] =>
    document.arms.filter(({ name, group }) => group === arm.group && name !== arm.name);
  return pairUp(beside(older, shared.older), beside(newer, shared.newer)).map(([oldArm, newArm]) => ({
    shared: {
      old: shared.older.name,
      new: shared.newer.name,
      configSha256: shared.older.proxy.configSha256 ?? "",
    },
    oldArm: oldArm.name,
    newArm: newArm.name,
    isSameConfig: hasSameConfig(oldArm, newArm),
    metrics: commonMetrics(older, newer).map((metric) =>
      linkMetric(
        metric,
        readPair(older, { baseline: shared.older.name, candidate: oldArm.name, metric }),
        readPair(newer, { baseline: shared.newer.name, candidate: newArm.name, metric }),
      ),
    ),
  }));
}

/** Arms of one name belong together; where no name fits, every old arm goes with every new one. */
function pairUp(old: readonly ArmResult[], others: readonly ArmResult[]): [ArmResult, ArmResult][] {
  const all = old.flatMap((one) => others.map((other): [ArmResult, ArmResult] => [one, other]));
  const named = all.filter(([one, other]) => one.name === other.name);
  return named.length > 0 ? named : all;
}

function commonMetrics(older: RunDocument, newer: RunDocument): MetricName[] {
  const both = older.scenario.metrics.filter((metric) => newer.scenario.metrics.includes(metric));
  return both.filter((metric) => !isByDifference(metric));
}

/** `se² = se₁² + se₂²` of the two log ratios. */
function linkMetric(metric: MetricName, old: Reading, newer: Reading): LinkedMetric {
  const ratios = { metric, oldRatio: old.ratio, newRatio: newer.ratio };
  if (old.ratio === null || newer.ratio === null)
    return { ...ratios, ratio: null, ciLow: null, ciHigh: null };
  const ratio = newer.ratio / old.ratio;
  if (old.se === null || newer.se === null) return { ...ratios, ratio, ciLow: null, ciHigh: null };
  const reach = Math.exp(z95 * Math.hypot(old.se, newer.se));
  return { ...ratios, ratio, ciLow: ratio / reach, ciHigh: ratio * reach };
}
