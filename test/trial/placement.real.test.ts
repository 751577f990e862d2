import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { mayUseRealTime, whileRealTime } from "#wsrally/linux/scheduling.js";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import {
  latePlacedGuard,
  mayRunRealTime,
  pinProcess,
  planPlacement,
  prioritizeProcess,
  type StartTerms,
  usableCpus,
} from "#wsrally/trial/placement.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

/** Policies by number (sched(7)). */
const [usual, roundRobin] = [0, 2];

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
    resolveAsWritten(parseScenario(`arms: [nginx]\n${text}`, "s.yaml"), {
      name: "s",
      overrides: {},
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

describe("latePlacedGuard()", () => {
  /** Starts a child, and reads what the kernel says of it while it lives. */
  async function startedAs(terms: StartTerms): Promise<{ status: string; policy: number }> {
    const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
    try {
      const child = latePlacedGuard(guard, () => terms).spawn("/bin/sh", ["-c", "read _"], {
        stdio: ["pipe", "ignore", "ignore"],
      });
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      const policy = policyOf(child.pid);
      child.stdin?.end();
      await new Promise((resolve) => child.once("exit", resolve));
      return { status, policy };
    } finally {
      guard.release();
    }
  }

  it("starts children on the processors asked for, and leaves this thread where it was", async () => {
    const cpus = usableCpus();
    assert.ok(cpus !== null, "these tests run on Linux");
    const [first = 0] = cpus;
    const { status, policy } = await startedAs({ cpus: [first], isRealTime: false });
    assert.match(status, new RegExp(`^Cpus_allowed_list:\\t${first}$`, "m"));
    assert.equal(policy, usual);
    assert.deepEqual(usableCpus(), cpus);
  });

  it("starts them at real-time priority where this process has the right to it, and keeps its own", async () => {
    if (mayUseRealTime()) {
      assert.equal((await startedAs({ cpus: null, isRealTime: true })).policy, roundRobin);
    } else {
      await assert.rejects(startedAs({ cpus: null, isRealTime: true }), /sched_setscheduler EPERM/);
    }
    assert.equal(policyOf(process.pid), usual);
  });
});

describe("mayRunRealTime()", () => {
  for (const [what, placement] of [
    ["runs anywhere", { proxy: null, generator: null, backend: null }],
    ["shares a processor with the generator", { proxy: [0, 1], generator: [0], backend: [2] }],
    ["shares a processor with the backend", { proxy: [1], generator: [0], backend: [0, 1] }],
    ["may meet a generator that runs anywhere", { proxy: [1], generator: null, backend: [0] }],
  ] as const) {
    it(`is false where the proxy ${what}`, () => {
      assert.equal(mayRunRealTime(placement), false);
    });
  }

  it("hangs on the right to it where the proxy has a processor of its own", () => {
    assert.equal(mayRunRealTime({ proxy: [1], generator: [0], backend: [0] }), mayUseRealTime());
  });
});

/** Field 41 of proc_pid_stat(5). */
function policyOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[41 - 3]);
}

describe("pinProcess() and prioritizeProcess()", () => {
  it("leave to others to tell of a process that has ended", async () => {
    const child = spawn("true", { stdio: "ignore" });
    await once(child, "exit");
    assert.notEqual(child.pid, undefined);
    pinProcess(child.pid ?? 0, usableCpus() ?? [0]);
    prioritizeProcess(child.pid ?? 0, null);
  });

  it("give priority to every thread of a process, and take it away", {
    skip: !mayUseRealTime(),
  }, async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume(); console.log()"]);
    await once(child.stdout, "data");
    const policies = (): number[] =>
      readdirSync(`/proc/${child.pid}/task`).map((tid) => policyOf(Number(tid)));
    assert.ok(policies().length > 1);
    prioritizeProcess(child.pid ?? 0, 1);
    assert.deepEqual(new Set(policies()), new Set([roundRobin]));
    prioritizeProcess(child.pid ?? 0, null);
    assert.deepEqual(new Set(policies()), new Set([usual]));
    child.stdin.end();
    await once(child, "exit");
  });
});

describe("whileRealTime()", () => {
  it("gives this thread priority until the work is done, however it ends", {
    skip: !mayUseRealTime(),
  }, async () => {
    const failing = whileRealTime(async () => {
      await sleep(1);
      assert.equal(policyOf(process.pid), roundRobin);
      throw new RangeError("of the work");
    });
    await assert.rejects(failing, /of the work/);
    assert.equal(policyOf(process.pid), usual);
  });
});
