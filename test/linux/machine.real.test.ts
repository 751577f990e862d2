import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { cpuAffinityOf, setCpuAffinity, threadId } from "#wsrally/linux/cpu-affinity.js";
import { descriptorLimitOf } from "#wsrally/linux/descriptor-limit.js";
import { SystemCallError } from "#wsrally/linux/errno.js";
import { linuxOnly } from "./support/linux-only.js";

/** A child that does nothing until it is ended. */
async function withChild(use: (pid: number) => void): Promise<void> {
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  await once(child, "spawn");
  try {
    use(child.pid ?? -1);
  } finally {
    child.kill();
    await once(child, "exit");
  }
}

describe("setCpuAffinity()", linuxOnly, () => {
  it("pins the calling thread, as it reads back", () => {
    const all = cpuAffinityOf(0);
    const last = all.at(-1) ?? 0;
    try {
      setCpuAffinity(0, [last]);
      assert.deepEqual(cpuAffinityOf(0), [last]);
      assert.deepEqual(cpuAffinityOf(threadId()), [last]);
    } finally {
      setCpuAffinity(0, all);
    }
    assert.deepEqual(cpuAffinityOf(0), all);
  });

  it("pins another process", async () => {
    await withChild((pid) => {
      const first = cpuAffinityOf(pid)[0] ?? 0;
      setCpuAffinity(pid, [first]);
      assert.match(
        readFileSync(`/proc/${pid}/status`, "utf8"),
        new RegExp(`^Cpus_allowed_list:\\s${first}$`, "m"),
      );
    });
  });

  it("refuses processors that are not there", () => {
    assert.throws(
      () => setCpuAffinity(0, [8_000]),
      (error) => error instanceof SystemCallError && error.code === "EINVAL",
    );
    assert.throws(() => setCpuAffinity(0, [-1]), assert.AssertionError);
    assert.throws(() => setCpuAffinity(0, [8_192]), assert.AssertionError);
  });
});

describe("threadId()", linuxOnly, () => {
  it("is one of this process's threads: here the main one", () => {
    assert.equal(threadId(), process.pid);
    assert.ok(readdirSync("/proc/self/task").includes(String(threadId())));
  });
});

describe("descriptorLimitOf()", linuxOnly, () => {
  it("says of this process what /proc says", () => {
    const { soft, hard } = descriptorLimitOf(0);
    const line = readFileSync("/proc/self/limits", "utf8").match(/^Max open files\s+(\S+)\s+(\S+)/m);
    const numberOf = (word = ""): number => (word === "unlimited" ? Number.POSITIVE_INFINITY : Number(word));
    assert.deepEqual({ soft, hard }, { soft: numberOf(line?.[1]), hard: numberOf(line?.[2]) });
  });
});
