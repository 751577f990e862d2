import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rolloutRegressions } from "#wsrally/judge/gate/rollout-regressions.js";
import type { Rollout } from "#wsrally/results/rollout-schema.js";
import { makeRollout, quiet } from "../../report/rollout-documents.js";

const pairs = [{ baseline: "old", candidate: "new" }];

/** Of 2,000 clients. */
function lost(arm: string, count: number, notBack = 0): Rollout {
  const made = makeRollout({ ...quiet, arm });
  return { ...made, lost: { ...made.lost, count }, reconnects: { ...made.reconnects, notBack } };
}

describe("rolloutRegressions()", () => {
  const rows: readonly (readonly [what: string, rollouts: readonly Rollout[], count: number])[] = [
    ["both lose nobody", [lost("old", 0), lost("new", 0)], 0],
    ["both lose all", [lost("old", 2000), lost("new", 2000)], 0],
    ["the candidate loses fewer", [lost("old", 2000), lost("new", 0)], 0],
    ["one in a hundred more may be chance", [lost("old", 0), lost("new", 20)], 0],
    ["more than that is not", [lost("old", 0), lost("new", 21)], 1],
    ["as many are lost, and they do not come back", [lost("old", 2000), lost("new", 2000, 300)], 1],
    ["there is no baseline", [lost("new", 2000)], 1],
    ["the candidate was not rolled out", [lost("old", 0)], 0],
  ];
  for (const [what, rollouts, count] of rows)
    it(what, () => assert.equal(rolloutRegressions(pairs, rollouts).length, count));
});
