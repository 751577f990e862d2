/**
 * How a message's time falls into uplink, backend and downlink in each arm, and what the proxy adds to each: figures
 * alone, for every picture of them.
 */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import { walshAverages } from "../../stats/walsh-averages.js";
import { type Interval, walshBounds } from "../../stats/walsh-bounds.js";
import { medianOf } from "../words/median.js";
import { countedTrials } from "./run-facts.js";

/** In the order that a message meets them. */
export const splitParts = ["uplink", "backend", "downlink"] as const;
export type SplitPart = (typeof splitParts)[number];

const splitPercentiles = ["p50", "p99"] as const;
type SplitPercentile = (typeof splitPercentiles)[number];

/** One arm's time at one percentile. */
export interface SplitBar {
  readonly arm: string;
  readonly percentile: SplitPercentile;
  /** Microseconds, each part's own percentile: the median over the trials. */
  readonly partsUs: Readonly<Record<SplitPart, number>>;
  /** What a proxy adds to the direct arm of its group; null for that arm itself, and where there is none. */
  readonly added: SplitAddition | null;
}

export interface SplitAddition {
  /** The arm without a proxy that was taken off. */
  readonly direct: string;
  readonly parts: Readonly<Record<SplitPart, PartDifference>>;
}

export interface PartDifference {
  /** Difference of the two medians in microseconds, with its sign. */
  readonly differenceUs: number;
  /** 95 % interval of the difference within a block, by signed ranks; its ends are null below six blocks. */
  readonly interval: Interval;
  /** `within` noise: the interval takes in 0; `unknown`: too few blocks for an interval. */
  readonly noise: "beyond" | "within" | "unknown";
}

/** One tail of a two-sided 95 % interval. */
const tail = 0.025;

/** By percentile, then in the order of the arms; arms without all three parts are left out. */
export function splitBars(document: RunDocument): SplitBar[] {
  return splitPercentiles.flatMap((percentile) =>
    document.arms.flatMap((arm) => {
      const partsUs = partsOf(arm, percentile);
      return partsUs === null
        ? []
        : [{ arm: arm.name, percentile, partsUs, added: additionOf(arm, percentile, document) }];
    }),
  );
}

function partsOf(arm: ArmResult, percentile: SplitPercentile): Record<SplitPart, number> | null {
  const median = (part: SplitPart): number | null =>
    medianOf(countedTrials(arm).trials.map(({ latencyUs }) => latencyUs[part]?.[percentile])).median;
  const [uplink, backend, downlink] = [median("uplink"), median("backend"), median("downlink")];
  return uplink === null || backend === null || downlink === null ? null : { uplink, backend, downlink };
}

function additionOf(
  arm: ArmResult,
  percentile: SplitPercentile,
  { arms }: RunDocument,
): SplitAddition | null {
  if (arm.proxy.kind === "direct") return null;
  const direct = arms.find(({ proxy, group }) => proxy.kind === "direct" && group === arm.group);
  const own = partsOf(arm, percentile);
  const floor = direct === undefined ? null : partsOf(direct, percentile);
  if (direct === undefined || own === null || floor === null) return null;
  const differenceOf = (part: SplitPart): PartDifference => {
    const interval = differenceInterval(arm, direct, part, percentile);
    return { differenceUs: own[part] - floor[part], interval, noise: noiseOf(interval) };
  };
  return {
    direct: direct.name,
    parts: {
      uplink: differenceOf("uplink"),
      backend: differenceOf("backend"),
      downlink: differenceOf("downlink"),
    },
  };
}

function noiseOf({ low, high }: Interval): PartDifference["noise"] {
  if (low === null || high === null) return "unknown";
  return low <= 0 && high >= 0 ? "within" : "beyond";
}

/** Of the differences within each block, whose two trials ran within seconds of each other. */
function differenceInterval(
  arm: ArmResult,
  direct: ArmResult,
  part: SplitPart,
  percentile: SplitPercentile,
): Interval {
  const floorByBlock = new Map(
    countedTrials(direct).trials.map(({ block, latencyUs }) => [
      block,
      latencyUs[part]?.[percentile] ?? null,
    ]),
  );
  const differences = countedTrials(arm).trials.flatMap(({ block, latencyUs }) => {
    const own = latencyUs[part]?.[percentile] ?? null;
    const floor = floorByBlock.get(block) ?? null;
    return own === null || floor === null ? [] : [own - floor];
  });
  return walshBounds(walshAverages(differences), tail, tail);
}
