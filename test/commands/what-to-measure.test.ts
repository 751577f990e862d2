/** What a gate still measures where both sides come to the same config. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readGateFlags } from "#wsrally/commands/gate/gate-flags.js";
import { gateScenario } from "#wsrally/commands/gate/gate-scenario.js";
import { readQuestion } from "#wsrally/commands/gate/gate-sides.js";
import type { ProbedPair } from "#wsrally/commands/gate/probe-sides.js";
import { whatToMeasure } from "#wsrally/commands/gate/what-to-measure.js";
import { withFolder } from "../support/with-folder.js";

/** @returns names of the arms that are measured, or why none is */
async function measured(text: string, force: boolean): Promise<readonly string[] | string> {
  return withFolder(async (folder) => {
    const file = join(folder, "s.yaml");
    await writeFile(file, text);
    const flags = { scenario: file, failOn: "worse", ...(force ? { force } : {}) } as const;
    const [question, settings] = [readQuestion(flags), readGateFlags(flags)];
    const scenario = gateScenario(question, settings, {});
    const pairs = scenario.pairs.map(
      (pair): ProbedPair => ({
        ...pair,
        sameConfig: true,
        diff: [],
        otherFiles: [],
        regressions: [],
        connects: { baseline: true, candidate: true },
      }),
    );
    const progress = { note: () => undefined };
    const left = whatToMeasure(
      { question, settings, workload: {}, sides: question, scenario, progress },
      pairs,
    );
    return typeof left === "string" ? left : left.arms.map(({ name }) => name);
  });
}

describe("whatToMeasure() of one config on both sides", () => {
  const twice = "arms: [nginx, again=nginx]\n";
  const rows: readonly (readonly [
    what: string,
    text: string,
    force: boolean,
    arms: readonly string[] | null,
  ])[] = [
    ["the same load", twice, false, null],
    ["the same load, by force", twice, true, ["nginx", "again"]],
    ["the same loads of several sizes", `${twice}matrix: { payload: [64, 128] }\n`, false, null],
    [
      "HTTP/1.1 and HTTP/2",
      "arms: [haproxy]\nmatrix: { http: [1, 2] }\ncompare: { axis: http }\n",
      false,
      ["haproxy.http-1", "haproxy.http-2"],
    ],
    [
      "few WebSockets a connection and many",
      "arms: [haproxy]\nworkload: { http: 2 }\nmatrix: { streams: [10, 100] }\ncompare: { axis: streams }\n",
      false,
      ["haproxy.streams-10", "haproxy.streams-100"],
    ],
  ];
  for (const [what, text, force, arms] of rows) {
    it(`${arms === null ? "measures nothing" : "measures both"}: ${what}`, async () => {
      assert.deepEqual(
        await measured(text, force),
        arms ?? "both sides come to the same config, and no SLO is to be kept",
      );
    });
  }
});
