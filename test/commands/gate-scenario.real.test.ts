import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createWorkspace } from "#wsrally/base/workspace.js";
import { assertConfined } from "#wsrally/commands/gate/assert-confined.js";
import { readGateFlags } from "#wsrally/commands/gate/gate-flags.js";
import { gateScenario } from "#wsrally/commands/gate/gate-scenario.js";
import { fetchSides, type GateSides, readQuestion } from "#wsrally/commands/gate/gate-sides.js";
import { createPrivateNames } from "#wsrally/commands/gate/private-names.js";
import { parseArm } from "#wsrally/scenario/arm.js";
import type { PlannedArm, Scenario } from "#wsrally/scenario/scenario.js";
import { withFolder } from "../support/with-folder.js";
import { configFile, makeRepository } from "./gate-repository.js";

interface Gate {
  readonly scenario: Scenario;
  readonly sides: GateSides;
  /** What is left where the baseline opens no WebSocket. */
  readonly alone: Scenario | null;
}

/** @param scenarioText null: the arms are given by flags */
async function gateOf(scenarioText: string | null): Promise<Gate> {
  return withFolder(async (folder) => {
    const repository = makeRepository(join(folder, "repository"));
    repository.write("ci.yaml", scenarioText ?? "");
    const arms =
      scenarioText === null
        ? { baseline: `main:${configFile}`, candidate: configFile }
        : { scenario: join(repository.path, "ci.yaml") };
    const flags = { ...arms, failOn: "worse" } as const;
    const [question, settings] = [readQuestion(flags), readGateFlags(flags)];
    const workspace = await createWorkspace();
    const here = process.cwd();
    process.chdir(repository.path);
    try {
      const { signal } = new AbortController();
      const fetching = { workspace, names: createPrivateNames(), workload: {}, signal };
      const sides = await fetchSides(question, { ...settings, ...fetching });
      const { input } = sides;
      const scenarioFor = (arms: typeof input.arms): Scenario =>
        gateScenario({ ...question, input: { ...input, arms } }, settings, {});
      const alone = question.isSimple ? scenarioFor(input.arms.slice(-1)) : null;
      return { scenario: scenarioFor(input.arms), sides, alone };
    } finally {
      process.chdir(here);
      await workspace.remove();
    }
  });
}

function withFile({ arms }: Scenario): (PlannedArm & { readonly file: string })[] {
  return arms.flatMap((arm) =>
    arm.target.kind === "proxy" && arm.target.configFile !== null
      ? [{ ...arm, file: arm.target.configFile }]
      : [],
  );
}

const here = `nginx:${configFile}`;
const two = `arms: ["base=nginx:main:${configFile}", "new=${here}"]\n`;
/** What makes other arms of those that are written, and how many with a file there are then. */
const rows: readonly (readonly [what: string, text: string | null, arms: number])[] = [
  ["flags", null, 2],
  ["nothing", two, 2],
  ["a name of its own", `arms: [{ arm: "nginx:main:${configFile}" }, { name: new, arm: "${here}" }]\n`, 2],
  ["a key of the workload", `${two}matrix: { payload: [64, 128] }\n`, 4],
  ["two keys", `${two}matrix: { payload: [64, 128], connections: [10, 20] }\n`, 8],
  ["direct", `${two}direct: true\n`, 2],
  ["direct and a matrix", `${two}direct: true\nmatrix: { payload: [64, 128] }\n`, 4],
  ["include", `${two}matrix: { payload: [64], include: [{ payload: 128, arm: new }] }\n`, 3],
  ["exclude", `${two}matrix: { payload: [64, 128], exclude: [{ payload: 64, arm: new }] }\n`, 3],
  [
    "directives of an arm beside it",
    `arms: [nginx, "new=${here}"]\nmatrix:\n  worker_processes: [1, 2]\n  exclude: [{ arm: new }]\n  include: [{ arm: new }]\n`,
    1,
  ],
  ["set on an arm beside it", `arms: [{ arm: nginx, set: { proxy_buffering: off } }, "new=${here}"]\n`, 1],
  ["a baseline by name", `${two}compare: { baseline: new }\nmatrix: { payload: [64, 128] }\n`, 4],
  ["the axis of arms", `${two}compare: { axis: arm, baseline: new }\nmatrix: { payload: [64, 128] }\n`, 4],
  ["rounds", `arms: [${[..."abcdefg"].map((name) => `"${name}=${here}"`).join(", ")}]\n`, 7],
  ["an SLO and a margin", `${two}slo: p99 < 1s\ncompare: { margin: 0.1 }\n`, 2],
];

describe("gateScenario()", () => {
  for (const [what, text, count] of rows) {
    it(`holds every config to its folders, and knows its files, whatever is made of its arm: ${what}`, async () => {
      const { scenario, sides, alone } = await gateOf(text);
      assert.equal(withFile(scenario).length, count);
      for (const { name, target, file } of [scenario, alone ?? scenario].flatMap(withFile)) {
        assert.ok("confinedTo" in target && target.confinedTo !== null, name);
        assert.ok((sides.configs.get(file)?.files.configs.size ?? 0) > 1, name);
      }
      assertConfined(scenario.arms);
    });
  }
});

describe("assertConfined()", () => {
  it("lets no config through that was given no folders, and no arm without a config be in its way", () => {
    assertConfined(["nginx", "direct", "embedded", "ws://127.0.0.1:1/"].map((text) => parseArm(text)));
    assert.throws(
      () => assertConfined([parseArm("nginx"), parseArm("new=nginx:site.conf")]),
      /^RangeError: A gate must not run the config of new unconfined$/,
    );
  });
});
