/**
 * Whether an event costs the clients of a candidate more than those of the first arm: by the exact signed-rank test,
 * which flips the signs of the blocks' differences, and Holm's correction over all that is compared. What it needs is
 * that arms change places within blocks by chance, which a rollout's do.
 */
import type { RolloutComparison } from "../../results/rollout-comparison-schema.js";
import type { Rollout } from "../../results/rollout-schema.js";
import { holm } from "../../stats/holm.js";
import { signedRankTest } from "../../stats/signed-rank-test.js";
import { walshAverages } from "../../stats/walsh-averages.js";
import { walshBounds } from "../../stats/walsh-bounds.js";

/** The chance that anything at all is called worse when nothing is; and the same for better. */
const alpha = 0.05;
/** One-sided, of an interval of 95 %. */
const boundLevel = 0.025;
/** No fewer, however few comparisons there are. */
const leastBlocks = 6;

const metrics = {
  lost: ({ lost }: Rollout): number => lost.count,
  downP50Ms,
} as const;

type Pair = Pick<RolloutComparison, "baseline" | "candidate" | "reconnect" | "metric"> & {
  readonly differences: readonly number[];
  readonly isNothing: boolean;
};

/** @param arms by name, the baseline first; nothing is compared with one */
export function compareRollouts(arms: readonly string[], rollouts: readonly Rollout[]): RolloutComparison[] {
  const pairs = pairsOf(arms, rollouts);
  const judged = pairs.filter(({ isNothing }) => !isNothing);
  const tests = judged.map(({ differences }) => signedRankTest(differences, 0));
  const worse = holm(
    tests.map(({ pGreater }) => pGreater),
    alpha,
  );
  const better = holm(
    tests.map(({ pLess }) => pLess),
    alpha,
  );
  const blocksNeeded = blocksFor(judged.length);
  return pairs.map(({ differences, isNothing, ...names }) => {
    const blocks = differences.length;
    const isEnough = blocks >= blocksNeeded;
    if (isNothing) {
      const verdict = isEnough ? "equivalent" : "inconclusive";
      return { ...names, low: 0, high: 0, verdict, p: null, blocks, blocksNeeded };
    }
    const at = judged.findIndex((one) => one.differences === differences);
    const [more, less] = [worse[at], better[at]];
    const { low, high } = walshBounds(walshAverages(differences), boundLevel, boundLevel);
    return {
      ...names,
      low,
      high,
      verdict: isEnough && more?.rejected ? "worse" : isEnough && less?.rejected ? "better" : "inconclusive",
      p: Math.min(more?.adjusted ?? 1, less?.adjusted ?? 1),
      blocks,
      blocksNeeded,
    };
  });
}

/** All to one side are the least likely that there is: one in 2^blocks. */
function blocksFor(comparisons: number): number {
  return Math.max(leastBlocks, Math.ceil(Math.log2(Math.max(1, comparisons) / alpha)));
}

function pairsOf([baseline = "", ...others]: readonly string[], rollouts: readonly Rollout[]): Pair[] {
  const policies = [...new Set(rollouts.map(({ reconnect }) => reconnect))];
  return others.flatMap((candidate) =>
    policies.flatMap((reconnect) => {
      const of = (arm: string) => rollouts.filter((one) => one.arm === arm && one.reconnect === reconnect);
      const both = of(baseline).flatMap((before) =>
        of(candidate).flatMap((after) => (after.block === before.block ? [{ before, after }] : [])),
      );
      return (["lost", "downP50Ms"] as const).map((metric) => {
        const values = both.map(
          ({ before, after }) => [metrics[metric](before), metrics[metric](after)] as const,
        );
        return {
          ...{ baseline, candidate, reconnect, metric },
          differences: values.map(([before, after]) => after - before),
          isNothing: values.every(([before, after]) => before === 0 && after === 0),
        };
      });
    }),
  );
}

/** Where most are not back, at least as long as they were watched. */
function downP50Ms({ lost, downMs, reconnects, watchedMs }: Rollout): number {
  return reconnects.notBack * 2 >= Math.max(1, lost.count) ? watchedMs : (downMs?.p50 ?? 0);
}
