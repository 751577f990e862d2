/**
 * Candidates of a rollout against the first arm.
 */
import assert from "node:assert/strict";
import { it } from "node:test";
import { compareRollouts } from "#wsrally/judge/rollout/rollout-comparisons.js";
import type { Rollout } from "#wsrally/results/rollout-schema.js";
import { makeRollout, quiet } from "../report/rollout-documents.js";

const down = (p50: number): Partial<Rollout> => ({ downMs: { p50, p99: p50, max: p50 } });
const lost = (count: number): Partial<Rollout> => ({ lost: { count, byEnding: [] } });

/** Both arms in every block. */
const blocksOf = (
  blocks: number,
  before: (block: number) => Partial<Rollout>,
  after: (block: number) => Partial<Rollout>,
): Rollout[] =>
  Array.from({ length: blocks }, (_, block) => [
    makeRollout({ ...after(block), arm: "b", block }),
    makeRollout({ ...before(block), arm: "a", block }),
  ]).flat();

const verdictsOf = (rollouts: readonly Rollout[]): string[] =>
  compareRollouts(["a", "b"], rollouts).map(({ metric, verdict }) => `${metric} ${verdict}`);

for (const [title, rollouts, wanted] of [
  [
    "who loses more in every block is worse, and who is down as long cannot be told",
    blocksOf(
      6,
      () => lost(10),
      (block) => lost(20 + block),
    ),
    ["lost worse", "downP50Ms inconclusive"],
  ],
  [
    "who is down for less is better",
    blocksOf(
      6,
      (block) => ({ ...lost(5), ...down(200 + block) }),
      () => ({ ...lost(5), ...down(90) }),
    ),
    ["lost inconclusive", "downP50Ms better"],
  ],
  [
    "nobody lost on either side is equivalent",
    blocksOf(
      6,
      () => quiet,
      () => quiet,
    ),
    ["lost equivalent", "downP50Ms equivalent"],
  ],
  [
    "five blocks are too few, for equivalence too",
    blocksOf(
      5,
      () => quiet,
      () => quiet,
    ),
    ["lost inconclusive", "downP50Ms inconclusive"],
  ],
  [
    "one block to the other side of six takes the verdict away",
    blocksOf(
      6,
      () => lost(10),
      (block) => lost(block === 0 ? 3 : 11),
    ),
    ["lost inconclusive", "downP50Ms inconclusive"],
  ],
] as const) {
  it(title, () => assert.deepEqual(verdictsOf(rollouts), wanted));
}

it("names the difference, and the blocks that more comparisons need", () => {
  const three = blocksOf(
    6,
    () => lost(10),
    () => lost(25),
  ).flatMap((one) => (one.arm === "a" ? [one] : [one, { ...one, arm: "c" }, { ...one, arm: "d" }]));
  const [first, ...others] = compareRollouts(["a", "b", "c", "d"], three);
  assert.deepEqual(
    [first?.baseline, first?.candidate, first?.low, first?.high, first?.blocks, first?.blocksNeeded],
    ["a", "b", 15, 15, 6, 7],
  );
  assert.equal(first?.verdict, "inconclusive");
  assert.equal(others.length, 5);
});

it("takes who is not back for down as long as was watched, and pairs only what both went through", () => {
  const gone = { reconnects: { ...makeRollout().reconnects, notBack: 1500 }, watchedMs: 9000 };
  const [, downTime] = compareRollouts(
    ["a", "b"],
    blocksOf(
      7,
      () => down(1000),
      () => gone,
    ).slice(1),
  );
  assert.deepEqual([downTime?.blocks, downTime?.low, downTime?.verdict], [6, 8000, "worse"]);
});

it("has nothing to say of one arm", () => {
  assert.deepEqual(compareRollouts(["a"], [makeRollout({ arm: "a" })]), []);
});
