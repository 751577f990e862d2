import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canMeasure, checkMachine, type MachineFacts } from "#wsrally/commands/doctor/machine-checks.js";
import { placeCheck } from "#wsrally/commands/doctor/place-checks.js";
import { checkGit, checkPython } from "#wsrally/commands/doctor/program-checks.js";
import { quietCheck } from "#wsrally/commands/doctor/quiet-check.js";
import { checkPage } from "#wsrally/commands/doctor.js";

const sound: MachineFacts = {
  node: "22.4.0",
  layer: { available: true },
  ioUring: { available: true },
  openSsl: { available: true },
  loopbackTrouble: null,
  cpus: [0, 1, 2, 3],
  limits: { maxOpenFiles: 20_000, ephemeralPorts: 28_232, listenBacklog: 4096, availableBytes: 1e9 },
  mayUseRealTime: true,
  hiddenFiles: [],
};

const wrongOf = (facts: Partial<MachineFacts>): string[] =>
  checkMachine({ ...sound, ...facts })
    .filter(({ status }) => status !== "ok")
    .map(({ check, status, says, cure }) => `${check} ${status}: ${says} -> ${cure}`);

describe("wsrally doctor", () => {
  it("finds nothing wrong with a sound machine, and says who gets which processor", () => {
    assert.deepEqual(wrongOf({}), []);
    const processors = checkMachine(sound).find(({ check }) => check === "processors");
    assert.equal(processors?.says, "4: a proxy of one worker gets 3, the generator 0, 1, the backend 2");
  });

  for (const [what, facts, says] of [
    ["an old Node", { node: "20.9.0" }, /^node missing: Node 20\.9\.0 -> install Node 20\.19 or newer$/],
    [
      "no loopback",
      { loopbackTrouble: "ENETUNREACH" },
      /^loopback missing: nothing can be measured: .*ENETUNREACH/,
    ],
    [
      "a forbidden io_uring",
      { ioUring: { available: false, reason: "io_uring is forbidden here" } },
      /^io-uring missing: .*epoll serves -> sysctl -w kernel\.io_uring_disabled=0/,
    ],
    [
      "a Node without OpenSSL",
      { openSsl: { available: false, reason: "none" } },
      /^kernel-stamps warning: .*with TLS/,
    ],
    ["one processor", { cpus: [0] }, /^processors warning: one processor.* -> two processors or more/],
    [
      "few open files",
      { limits: { ...sound.limits, maxOpenFiles: 1024 } },
      /^open-files warning: 1,024 a process: about 462 connections.* -> ulimit -Hn 65536/,
    ],
    [
      "few ports",
      { limits: { ...sound.limits, ephemeralPorts: 50 } },
      /^ephemeral-ports warning: 50 .*ip_local_port_range/,
    ],
    [
      "a short queue",
      { limits: { ...sound.limits, listenBacklog: 64 } },
      /^listen-queue warning: 64 .*somaxconn=4096/,
    ],
    ["no real-time right", { mayUseRealTime: false }, /^real-time missing: .*SYS_NICE/],
    ["a hidden /proc", { hiddenFiles: ["/proc/stat"] }, /^proc missing: cannot read \/proc\/stat: .*hidepid/],
  ] as const satisfies readonly (readonly [string, Partial<MachineFacts>, RegExp])[]) {
    it(`tells of ${what} alone, with a cure`, () => {
      const wrong = wrongOf(facts);
      assert.equal(wrong.length, 1, wrong.join("\n"));
      assert.match(wrong[0] ?? "", says);
    });
  }

  it("says without the Linux layer what else goes", () => {
    const layer = { available: false, reason: "darwin is not Linux" } as const;
    const checks = wrongOf({ layer, ioUring: layer, openSsl: layer, cpus: null, mayUseRealTime: false });
    assert.deepEqual(
      checks.map((line) => line.split(" ")[0]),
      ["linux-layer", "kernel-stamps", "io-uring", "processors", "real-time"],
    );
  });

  it("holds a machine for useless only where no connection comes about, or Node is too old", () => {
    const layer = { available: false, reason: "none" } as const;
    assert.equal(
      canMeasure(checkMachine({ ...sound, layer, ioUring: layer, openSsl: layer, cpus: null })),
      true,
    );
    assert.equal(canMeasure(checkMachine({ ...sound, loopbackTrouble: "EPERM" })), false);
    assert.equal(canMeasure(checkMachine({ ...sound, node: "18.0.0" })), false);
  });

  for (const [what, load, status, cure] of [
    ["a quiet machine", { stealShare: 0, otherShare: 0.04 }, "ok", null],
    ["a busy one", { stealShare: 0, otherShare: 1.5 }, "warning", /end what else runs/],
    ["one with a greedy hypervisor", { stealShare: 0.3, otherShare: 0 }, "warning", /machine of its own/],
    ["one that does not tell", null, "warning", null],
  ] as const) {
    it(`judges the neighbours of ${what}`, () => {
      const check = quietCheck(load);
      assert.equal(check.status, status);
      if (cure === null) assert.equal(check.cure, null);
      else assert.match(check.cure ?? "", cure);
    });
  }

  it("misses programs that are not there", async () => {
    assert.equal((await checkPython("no-such-python")).says, "no python3: proxies cannot be fetched");
    assert.equal((await checkGit("no-such-git")).status, "missing");
  });

  it("takes a folder that can be made for one that can be written, and makes none", () => {
    assert.equal(placeCheck("results-folder", "dist-test/none/yet", "").status, "ok");
    assert.equal(placeCheck("results-folder", "package.json/none", "x").cure, "x");
  });

  it("shows what stands in the way last, and fits the width", () => {
    const checks = [...checkMachine({ ...sound, cpus: [0] }), quietCheck({ stealShare: 0, otherShare: 0 })];
    const lines = checkPage(checks, 60).trimEnd().split("\n");
    assert.ok(
      lines.every((line) => line.length <= 60),
      lines.join("\n"),
    );
    assert.match(lines.find((line) => line.startsWith("warning")) ?? "", /^warning {2}processors/);
    assert.equal(lines.at(-1), "Can be measured here: embedded, direct. Worth a look: 1.");
  });
});
