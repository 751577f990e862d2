/** A rollout of a few clients, in this process. */
import assert from "node:assert/strict";
import type { Rollout } from "#wsrally/results/rollout-schema.js";
import { runDocumentSchema } from "#wsrally/results/run-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const load = ["--connections", "60", "--rate", "400", "--before", "500ms"];

export async function rollOut(args: readonly string[], wantedCode = 0): Promise<readonly Rollout[]> {
  return withFolder(async (out) => {
    const { code, stdout, stderr } = await runHere(["rollout", ...args, ...load, "--json", "--out", out]);
    assert.equal(code, wantedCode, stderr);
    const { rollouts = [], rolloutComparisons = [] } = runDocumentSchema.parse(JSON.parse(stdout));
    const arms = new Set(rollouts.map(({ arm }) => arm)).size;
    assert.equal(rolloutComparisons.length === 0, arms === 1);
    for (const { traffic, repliesLost } of rollouts)
      assert.equal(traffic.messages.sent - traffic.messages.received, repliesLost);
    return rollouts;
  });
}

export const sidesOf = ({ lost }: Rollout): string[] => [...new Set(lost.byEnding.map(({ side }) => side))];
