import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import { resolveScenario } from "#wsrally/scenario/resolve-scenario.js";
import { latePinnedGuard, planPlacement, usableCpus } from "#wsrally/trial/placement.js";

describe("planPlacement()", () => {
  for (const [what, cpus, workers, placement] of [
    ["two processors", [0, 1], 1, { proxy: [1], generator: [0], backend: [0] }],
    ["three processors", [0, 1, 2], 1, { proxy: [2], generator: [0], backend: [1] }],
    [
      "eight processors and two workers",
      [0, 1, 2, 3, 4, 5, 6, 7],
      2,
      { proxy: [6, 7], generator: [0, 1, 2], backend: [3, 4, 5] },
    ],
    ["as many workers as processors", [0, 1], 2, { proxy: [0, 1], generator: [0], backend: [0] }],
    ["no proxy", [0, 1], 0, { proxy: null, generator: [0], backend: [1] }],
    ["one processor", [3], 1, { proxy: null, generator: null, backend: null }],
    ["processors that nobody knows", null, 1, { proxy: null, generator: null, backend: null }],
  ] as const) {
    it(`places the parts on ${what}`, () => {
      assert.deepEqual(planPlacement(cpus, workers, "auto"), placement);
    });
  }

  it("leaves everything to the system, or to who wrote the scenario", () => {
    assert.deepEqual(planPlacement([0, 1], 1, "none"), { proxy: null, generator: null, backend: null });
    assert.deepEqual(planPlacement([0, 1], 1, { proxy: [0] }), {
      proxy: [0],
      generator: null,
      backend: null,
    });
  });
});

describe("cpus: in a scenario", () => {
  const cpusOf = (text: string) =>
    resolveScenario(parseScenario(`arms: [nginx]\n${text}`, "s.yaml"), {
      name: "s",
      overrides: {},
      locate: (file) => file,
    }).cpus;

  it("is read as people write processors", () => {
    assert.equal(cpusOf(""), "auto");
    assert.equal(cpusOf("cpus: none"), "none");
    assert.deepEqual(cpusOf('cpus: { proxy: "2-3,0", generator: 1 }'), { proxy: [0, 2, 3], generator: [1] });
  });

  it("is refused where it says nothing", () => {
    assert.throws(() => cpusOf("cpus: { proxy: all }"), /cpus/);
    assert.throws(() => cpusOf("cpus: { kernel: 1 }"), /cpus/);
  });
});

describe("latePinnedGuard()", () => {
  it("starts children on the processors asked for, and leaves this thread where it was", async () => {
    const cpus = usableCpus();
    assert.ok(cpus !== null, "these tests run on Linux");
    const [first = 0] = cpus;
    const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
    try {
      const child = latePinnedGuard(guard, () => [first]).spawn("/bin/sh", ["-c", "read _"], {
        stdio: ["pipe", "ignore", "ignore"],
      });
      const allowed = execFileSync("grep", ["Cpus_allowed_list", `/proc/${child.pid}/status`], {
        encoding: "utf8",
      });
      assert.match(allowed, new RegExp(`\\t${first}\\n`));
      assert.deepEqual(usableCpus(), cpus);
      child.stdin?.end();
      await new Promise((resolve) => child.once("exit", resolve));
    } finally {
      guard.release();
    }
  });
});
