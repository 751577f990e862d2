import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EnvironmentError } from "#wsrally/base/errors.js";
import type { MachineLimits } from "#wsrally/diagnosis/limit.js";
import type { PlannedArm } from "#wsrally/scenario/scenario.js";
import { checkLimits, readMachineLimits, resourceNeeds } from "#wsrally/trial/check-limits.js";
import { type ForetoldArm, foretellArms } from "#wsrally/trial/foretell-arms.js";
import {
  backendScale,
  generatorProcesses,
  processesFor,
  routesFor,
  sourcesFor,
} from "#wsrally/trial/scale.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

function plansOf(arms: string[], connections: number): readonly PlannedArm[] {
  return resolveAsWritten({ arms }, { name: "t", overrides: { connections } }).arms;
}

/** With what their configs say, for this is what is checked. */
function armsOf(arms: string[], connections: number): Promise<ForetoldArm[]> {
  return foretellArms({ arms: plansOf(arms, connections), cpus: "auto" }, limits);
}

function withWorkers(workers: string, connections: number): Promise<ForetoldArm[]> {
  const scenario = resolveAsWritten(
    { arms: [{ arm: "nginx", set: { worker_processes: workers } }] },
    { name: "t", overrides: { connections } },
  );
  return foretellArms(scenario, limits);
}

const limits = {
  maxOpenFiles: 20_000,
  ephemeralPorts: 28_232,
  listenBacklog: 4096,
  availableBytes: 20 * 2 ** 30,
} satisfies MachineLimits;
const unknown: MachineLimits = {
  maxOpenFiles: null,
  ephemeralPorts: null,
  listenBacklog: null,
  availableBytes: null,
};

describe("checkLimits()", () => {
  it("lets twice as many through over HTTP/2, whose clients share connections", async () => {
    const overHttp2 = (connections: number): Promise<ForetoldArm[]> => {
      const overrides = { connections, http: 2, streams: 1000 };
      return foretellArms(resolveAsWritten({ arms: ["haproxy"] }, { name: "t", overrides }), limits);
    };
    checkLimits(await overHttp2(19_700), limits);
    await assert.rejects(
      async () => checkLimits(await overHttp2(19_800), limits),
      /each worker of the proxy needs 20098 open files/,
    );
  });

  for (const [arm, connections] of [
    ["nginx", 9950],
    ["embedded", 9950],
  ] as const) {
    it(`lets ${connections} connections through ${arm}, and not many more`, async () => {
      checkLimits(await armsOf([arm], connections), limits);
      await assert.rejects(
        async () => checkLimits(await armsOf([arm], connections + 100), limits),
        (error) =>
          error instanceof EnvironmentError && /20000; want at most about 9\d{3}/.test(error.message),
      );
    });
  }

  it("counts nginx's two descriptors for each connection, over its workers", async () => {
    checkLimits(await withWorkers("2", 15_000), limits);
    await assert.rejects(
      async () => checkLimits(await armsOf(["nginx"], 15_000), limits),
      /each worker of the proxy needs 30100 open files and may have 20000; want at most about \d+ connections, more workers/,
    );
    checkLimits(await withWorkers("4", 30_000), limits);
  });

  it("lets more than one process's descriptors through where nothing else stands in the way", async () => {
    checkLimits(await armsOf(["direct"], 30_000), limits);
  });

  it("says where the ports run out", async () => {
    await assert.rejects(
      async () => checkLimits(await armsOf(["ws://10.0.0.1/"], 29_000), limits),
      /the generator needs 29000 local ports and may have 28232/,
    );
    checkLimits(await armsOf(["ws://127.0.0.1/"], 29_000), limits);
    await assert.rejects(
      async () => checkLimits(await armsOf(["embedded"], 29_000), { ...limits, maxOpenFiles: null }),
      /the proxy's far side needs 29000 local ports/,
    );
  });

  it("says when memory or the listen queue is too small", async () => {
    await assert.rejects(
      async () => checkLimits(await armsOf(["direct"], 10_000), { ...limits, availableBytes: 100 * 2 ** 20 }),
      /the whole run needs 167 MiB of memory and may have 100/,
    );
    await assert.rejects(
      async () => checkLimits(await armsOf(["direct"], 1000), { ...limits, listenBacklog: 64 }),
      /opening needs 128 places in the listen queue and may have 64.*net\.core\.somaxconn/,
    );
  });

  it("lets everything through where the system tells no limits", async () => {
    checkLimits(await armsOf(["nginx"], 900_000), unknown);
  });

  it("reads this machine's limits", async () => {
    const read = readMachineLimits();
    for (const value of Object.values(read)) assert.ok(value === null || (value as number) > 0);
  });
});

describe("scale", () => {
  it("takes a further process where one's descriptors end", async () => {
    assert.deepEqual(
      [1, 19_900, 19_901, 60_000].map((connections) => processesFor(connections, limits)),
      [1, 1, 2, 4],
    );
    assert.equal(generatorProcesses(plansOf(["direct"], 30_000), limits), 2);
    assert.equal(processesFor(1_000_000, unknown), 1);
  });

  it("plans 100,000 proxied connections, and says what this machine lacks for them", async () => {
    const most = 100_000;
    const arms = await withWorkers("12", most);
    checkLimits(arms, limits);
    const plans = arms.map(({ plan }) => plan);
    assert.equal(generatorProcesses(plans, limits), 6);
    assert.deepEqual(backendScale(plans, limits), { processes: 6, ports: 1 });
    // Both hops have address pairs enough, with a tenth of their ports to spare.
    const sources = sourcesFor({ host: "127.0.0.1" }, most, limits);
    assert.equal(sources.length, 4);
    assert.ok(sources.length * limits.ephemeralPorts * 0.9 >= most);
    assert.ok(6 * limits.ephemeralPorts * 0.9 >= most);
    for (const { connections, files } of [
      { connections: Math.ceil(most / 6), files: limits.maxOpenFiles },
      { connections: (2 * most) / 12, files: limits.maxOpenFiles },
    ]) {
      assert.ok(connections < files, `${connections} open files of ${files}`);
    }
    const needs = new Map(
      resourceNeeds(arms, limits).map(({ who, what, count }) => [`${who}: ${what}`, count]),
    );
    assert.equal(needs.get("each worker of the proxy: open files"), 16_767);
    assert.equal(needs.get("the whole run: MiB of memory"), 4102);
    assert.equal(needs.get("opening: places in the listen queue"), 768);
    await assert.rejects(
      async () => checkLimits(await withWorkers("8", most), limits),
      /^EnvironmentError: Cannot open 100000 connections through arm \S+: each worker of the proxy needs 25100 open files and may have 20000; want at most about 79\d{3} connections, more workers, or a higher ulimit -n$/,
    );
    await assert.rejects(
      async () => checkLimits(arms, { ...limits, availableBytes: 2 ** 31 }),
      /the whole run needs 4102 MiB of memory and may have 2048/,
    );
  });

  it("takes further addresses where a pair's ports end, and none elsewhere than on loopback", async () => {
    assert.equal(routesFor(25_000, limits), 1);
    assert.deepEqual(sourcesFor({ host: "127.0.0.1" }, 25_000, limits), []);
    assert.deepEqual(sourcesFor({ host: "127.0.0.1" }, 30_000, limits), ["127.0.0.1", "127.0.0.2"]);
    assert.deepEqual(sourcesFor({ host: "127.0.0.1", morePorts: [2] }, 30_000, limits), []);
    assert.deepEqual(sourcesFor({ host: "10.0.0.1" }, 30_000, limits), []);
    assert.equal(sourcesFor({ host: "127.0.0.1" }, 100_000, limits).length, 4);
  });
});
