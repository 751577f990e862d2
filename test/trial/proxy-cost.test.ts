import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProxyFootprint, ProxyUsage } from "#wsrally/proxy/proxy.js";
import { type CostReadings, proxyCostOf } from "#wsrally/trial/proxy-cost.js";
import type { TrialMemory } from "#wsrally/trial/watch-memory.js";

function usage(changes: Partial<ProxyUsage> = {}): ProxyUsage {
  return {
    cpuNs: 0,
    userTicks: 0,
    systemTicks: 0,
    voluntarySwitches: 0,
    involuntarySwitches: 0,
    rssBytes: 9e6,
    processes: [],
    ...changes,
  };
}

const none: ReadonlyMap<number, number> = new Map();

function footprint(pssBytes: number, changes: Partial<ProxyFootprint> = {}): ProxyFootprint {
  return { rssBytes: pssBytes, rssBytesPeak: pssBytes, pssBytes, descriptors: 10, processes: [], ...changes };
}

/** 100 connections at 20,000 bytes each, and a start that needs 5 MB. */
const ramp = [0, 20, 40, 60, 80, 100].map((connections) => ({
  connections,
  rssBytes: 5e6 + 20_000 * connections,
  pssBytes: 5e6 + 20_000 * connections,
}));

const memory: TrialMemory = {
  before: footprint(5e6),
  points: ramp,
  opened: footprint(7e6),
  loaded: footprint(7.4e6, { descriptors: 210 }),
  after: footprint(5.1e6),
};

const readings: CostReadings = {
  first: usage(),
  last: usage({
    cpuNs: 5e8,
    userTicks: 10,
    systemTicks: 40,
    voluntarySwitches: 4000,
    involuntarySwitches: 1000,
  }),
  lengthNs: 1e9,
  workers: null,
  messages: 10_000,
  rooms: { casts: 0, share: 0 },
  memory,
  opened: 100,
  held: 100,
};

describe("proxyCostOf()", () => {
  it("splits the exact processor time by the ticks", () => {
    const cost = proxyCostOf(readings);
    assert.equal(cost.cpuUsPerMessage, 50);
    assert.equal(cost.userCpuUsPerMessage, 10);
    assert.equal(cost.systemCpuUsPerMessage, 40);
    assert.equal(cost.cpuShare, 0.5);
  });

  it("goes by an arm's own slots where they are told", () => {
    const ownSlots = { cpuNs: 4.5e8, messages: 9000, lengthNs: 0.75e9, idleCpuShare: 0.05 };
    const cost = proxyCostOf({ ...readings, ownSlots });
    assert.equal(cost.cpuUsPerMessage, 50);
    assert.equal(cost.userCpuUsPerMessage, 10);
    assert.ok(Math.abs((cost.cpuShare ?? 0) - 0.6) < 1e-12);
    assert.equal(cost.idleCpuShare, 0.05);
    assert.equal(proxyCostOf({ ...readings, ownSlots: null }).idleCpuShare, undefined);
  });

  it("splits nothing by too few ticks", () => {
    const cost = proxyCostOf({ ...readings, last: usage({ cpuNs: 9e7, userTicks: 4, systemTicks: 5 }) });
    assert.equal(cost.cpuUsPerMessage, 9);
    assert.deepEqual([cost.userCpuUsPerMessage, cost.systemCpuUsPerMessage], [null, null]);
  });

  it("counts context switches a message", () => {
    const { contextSwitchesPerMessage, involuntarySwitchesPerMessage } = proxyCostOf(readings);
    assert.deepEqual([contextSwitchesPerMessage, involuntarySwitchesPerMessage], [0.5, 0.1]);
  });

  it("gives no cost a message where no reply came, and none where nothing is told", () => {
    assert.equal(proxyCostOf({ ...readings, messages: 0 }).cpuUsPerMessage, null);
    const untold = proxyCostOf({ ...readings, last: usage({ cpuNs: null, voluntarySwitches: null }) });
    assert.deepEqual(
      [untold.cpuUsPerMessage, untold.userCpuUsPerMessage, untold.cpuShare, untold.contextSwitchesPerMessage],
      [null, null, null, null],
    );
  });

  it("takes bytes a connection from the slope, not from what the proxy needs with none", () => {
    const cost = proxyCostOf(readings);
    assert.equal(cost.rssBytesPerConnection, 20_000);
    assert.equal(cost.pssBytesPerConnection, 20_000);
    assert.equal(cost.memoryPoints, 6);
    // A jump with the first connection, such as a library's own tables, is none of the others' doing.
    const jump = ramp.map((point) =>
      point.connections === 0 ? point : { ...point, pssBytes: point.pssBytes + 3e6 },
    );
    assert.equal(
      proxyCostOf({ ...readings, memory: { ...memory, points: jump } }).pssBytesPerConnection,
      20_000,
    );
  });

  it("adds what the connections grew by under load, unless some were lost", () => {
    assert.equal(proxyCostOf(readings).activeBytesPerConnection, 24_000);
    assert.equal(proxyCostOf({ ...readings, held: 99 }).activeBytesPerConnection, null);
  });

  for (const [what, points] of [
    ["points", ramp.slice(2)],
    ["connections", ramp.map((point) => ({ ...point, connections: point.connections * 0.4 }))],
  ] as const) {
    it(`gives no slope of too few ${what}`, () => {
      const cost = proxyCostOf({ ...readings, memory: { ...memory, points } });
      assert.deepEqual(
        [cost.rssBytesPerConnection, cost.pssBytesPerConnection, cost.activeBytesPerConnection],
        [null, null, null],
      );
    });
  }

  it("shows every worker, an idle one too, but neither main process nor helpers", () => {
    const processes = [
      { pid: 1, isMain: true, isHelper: false, title: "nginx: master process", descriptors: 8 },
      { pid: 2, isMain: false, isHelper: false, title: "nginx: worker process", descriptors: 190 },
      { pid: 3, isMain: false, isHelper: false, title: "nginx: worker process", descriptors: 9 },
      { pid: 4, isMain: false, isHelper: true, title: "nginx: cache manager process", descriptors: 9 },
      { pid: 5, isMain: false, isHelper: false, title: "nginx: worker process", descriptors: 9 },
    ];
    const spent = (busy: number) =>
      [1, 2, 3, 4].map((pid) => ({ pid, cpuNs: pid === 2 ? busy : 0, threads: none }));
    const cost = proxyCostOf({
      ...readings,
      first: usage({ processes: spent(1e8) }),
      last: usage({ processes: [...spent(4e8), { pid: 5, cpuNs: 7, threads: none }] }),
      memory: { ...memory, loaded: footprint(7e6, { processes }) },
    });
    assert.deepEqual(
      cost.workers.map(({ cpuShare, descriptors }) => [cpuShare, descriptors]),
      [
        [0.3, 190],
        [0, 9],
        // It came after the window began.
        [null, 9],
      ],
    );
    assert.equal(cost.processes, 5);
  });

  it("shows the threads of a process that has one for each worker, and the process where they take turns", () => {
    const processes = [
      { pid: 1, isMain: true, isHelper: false, title: "haproxy -W", descriptors: 8 },
      { pid: 2, isMain: false, isHelper: false, title: "haproxy -W", descriptors: 190 },
    ];
    const shares = (times: readonly number[], workers: number | null): (number | null)[] => {
      const at = (since: number): ProxyUsage["processes"] => {
        const threads = new Map(times.map((ns, index) => [20 + index, since === 0 ? 0 : ns]));
        const cpuNs = [...threads.values()].reduce((sum, ns) => sum + ns, 0);
        return [{ pid: 2, cpuNs, threads }];
      };
      const cost = proxyCostOf({
        ...readings,
        workers,
        first: usage({ processes: at(0) }),
        last: usage({ processes: at(1) }),
        memory: { ...memory, loaded: footprint(7e6, { processes }) },
      });
      return cost.workers.map(({ cpuShare }) => cpuShare);
    };
    assert.deepEqual(shares([1e8, 6e8, 5e6], 2), [0.6, 0.1]);
    assert.deepEqual(shares([2e8, 4e8], 1), [0.6]);
    assert.deepEqual(shares([2e8, 2e8, 2e8, 2e8], 2), [0.8]);
    assert.deepEqual(shares([2e8, 4e8], null), [0.6]);
  });

  it("takes a lone process for the worker", () => {
    const processes = [{ pid: 1, isMain: true, isHelper: false, title: "node", descriptors: 30 }];
    const loaded = footprint(7e6, { processes });
    const { workers } = proxyCostOf({ ...readings, memory: { ...memory, loaded } });
    assert.deepEqual(workers, [{ title: "node", cpuShare: null, descriptors: 30 }]);
  });
});
