import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { againstItself } from "#wsrally/scenario/against-itself.js";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import type { Scenario } from "#wsrally/scenario/scenario.js";
import type { WorkloadInput } from "#wsrally/scenario/workload.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

function read(text: string, overrides: WorkloadInput = {}): Scenario {
  return resolveAsWritten(parseScenario(text, "s.yaml"), { name: "s", overrides });
}

function pairsOf({ pairs }: Scenario): string[] {
  return pairs.map(({ baseline, candidate }) => `${candidate} / ${baseline}`);
}

const matrix =
  "arms: [nginx]\nmatrix: { proxy_buffering: [on, off], worker_processes: [1, 2], payload: [64, 8000] }\n";

describe("a matrix", () => {
  it("compares the first directive's values within the same values of all others", () => {
    const scenario = read(matrix);
    assert.equal(scenario.comparedAxis, "proxy_buffering");
    assert.deepEqual(pairsOf(scenario), [
      "nginx.proxy_buffering-off.worker_processes-1.payload-64 / nginx.proxy_buffering-on.worker_processes-1.payload-64",
      "nginx.proxy_buffering-off.worker_processes-2.payload-64 / nginx.proxy_buffering-on.worker_processes-2.payload-64",
      "nginx.proxy_buffering-off.worker_processes-1.payload-8000 / nginx.proxy_buffering-on.worker_processes-1.payload-8000",
      "nginx.proxy_buffering-off.worker_processes-2.payload-8000 / nginx.proxy_buffering-on.worker_processes-2.payload-8000",
    ]);
    assert.deepEqual(scenario.arms[1]?.cell, { payload: "64", proxy_buffering: "on", worker_processes: "2" });
  });

  it("compares along the axis that is named, from the value that is named", () => {
    const scenario = read(
      `${matrix}compare: { axis: worker_processes, baseline: 2 }`.replace("baseline: 2", 'baseline: "2"'),
    );
    assert.equal(scenario.pairs.length, 4);
    for (const { baseline, candidate } of scenario.pairs) {
      assert.equal(candidate, baseline.replace("processes-2", "processes-1"));
    }
  });

  it("compares versions of HTTP under one load, the floor without a proxy at the first", () => {
    const scenario = read(
      "arms: [haproxy]\nmatrix: { http: [1, 2] }\nworkload: { streams: 50 }\ndirect: true",
    );
    assert.equal(scenario.comparedAxis, "http");
    assert.deepEqual(pairsOf(scenario), ["haproxy.http-2 / haproxy.http-1"]);
    assert.deepEqual(
      scenario.arms.map(({ name, group, workload: { http, streams } }) => [name, group, http, streams]),
      [
        ["haproxy.http-1", "", 1, 50],
        ["haproxy.http-2", "", 2, 50],
        ["direct", "", 1, 50],
      ],
    );
  });

  it("refuses streams where nothing is over HTTP/2, and what HTTP/2 has not", () => {
    const refused: readonly (readonly [workload: string, words: RegExp])[] = [
      ["streams: 50", /Cannot use streams without http 2/],
      ["http: 2, deflate: true", /deflate.*cannot stand beside http 2/s],
      ["http: 2, engine: io_uring", /engine.*cannot stand beside http 2/s],
      ["http: 3", /http/],
    ];
    for (const [workload, words] of refused)
      assert.throws(() => read(`arms: [haproxy]\nworkload: { ${workload} }`), words);
  });

  it("compares the arms where there are several", () => {
    const scenario = read(
      "arms: [{ arm: nginx, name: a }, { arm: nginx, name: b }]\nmatrix: { tls: [off, on] }",
    );
    assert.equal(scenario.comparedAxis, "arm");
    assert.deepEqual(pairsOf(scenario), ["b.tls-off / a.tls-off", "b.tls-on / a.tls-on"]);
  });

  it("compares everything in a group with a baseline that is named without an axis", () => {
    const scenario = read(`${matrix}compare: { baseline: nginx.proxy_buffering-off.worker_processes-2 }`);
    assert.equal(scenario.pairs.length, 6);
    assert.ok(
      scenario.pairs.every(({ baseline }) =>
        baseline.startsWith("nginx.proxy_buffering-off.worker_processes-2."),
      ),
    );
  });

  it("compares nothing with the axis none, and gives each of many arms one trial a block", () => {
    const many = `arms: [${Array.from({ length: 12 }, (_, index) => `a${index}=direct`).join(", ")}]`;
    const { pairs, rounds, comparedAxis } = read(`${many}\ncompare: { axis: none }`);
    assert.deepEqual([pairs, rounds.map(({ length }) => length), comparedAxis], [[], [12], null]);
    assert.throws(
      () => read(`${many}\ncompare: { axis: none, baseline: a0 }`),
      /^UsageError: Cannot use compare\.baseline a0 beside compare\.axis none/,
    );
  });

  it("lets the next value be the baseline where the first is excluded", () => {
    const scenario = read(
      "arms: [nginx]\nmatrix:\n  proxy_buffer_size: [4k, 8k, 16k]\n  worker_processes: [1, 2]\n" +
        "  exclude: [{ proxy_buffer_size: 4k, worker_processes: 2 }]\n",
    );
    assert.deepEqual(pairsOf(scenario), [
      "nginx.proxy_buffer_size-8k.worker_processes-1 / nginx.proxy_buffer_size-4k.worker_processes-1",
      "nginx.proxy_buffer_size-16k.worker_processes-1 / nginx.proxy_buffer_size-4k.worker_processes-1",
      "nginx.proxy_buffer_size-16k.worker_processes-2 / nginx.proxy_buffer_size-8k.worker_processes-2",
    ]);
  });

  it("keeps a combination comparable to which include adds a directive", () => {
    const { pairs, arms } = read(
      "arms: [nginx]\nmatrix:\n  proxy_buffering: [on, off]\n  include: [{ proxy_buffering: off, proxy_buffers: 4 8k }]\n",
    );
    assert.deepEqual(arms[1]?.set, { proxy_buffering: "off", proxy_buffers: "4 8k" });
    assert.equal(arms[1]?.name, "nginx.proxy_buffering-off.proxy_buffers-4-8k");
    assert.equal(pairs.length, 1);
  });

  it("varies numbers, switches and words of the workload", () => {
    const { arms } = read(
      "arms: [direct]\nmatrix: { deflate: [off, on], arrivals: [uniform, poisson], connections: [5] }",
    );
    assert.deepEqual(
      arms.map(({ workload }) => [workload.deflate, workload.arrivals, workload.connections]),
      [
        [false, "uniform", 5],
        [false, "poisson", 5],
        [true, "uniform", 5],
        [true, "poisson", 5],
      ],
    );
  });

  it("has one floor for each load, which is compared with nothing", () => {
    const scenario = read(`${matrix}direct: true`);
    const floors = scenario.arms.filter(({ isFloor }) => isFloor);
    assert.deepEqual(
      floors.map(({ name, group, target, workload }) => [name, group, target.kind, workload.message]),
      [
        ["direct.payload-64", "payload-64", "direct", { kind: "payload", bytes: 64, binary: false }],
        ["direct.payload-8000", "payload-8000", "direct", { kind: "payload", bytes: 8000, binary: false }],
      ],
    );
    assert.equal(scenario.pairs.length, 4);
    assert.ok(
      scenario.metrics.includes("cpuUsPerMessage"),
      "the floor has no proxy, and takes no metric away",
    );
  });
});

describe("the rounds of a block", () => {
  it("keep what is compared side by side, and the floor with its load", () => {
    const { rounds } = read(`${matrix}direct: true`);
    assert.deepEqual(
      rounds.map((round) => round.length),
      [3, 2, 3, 2],
    );
    assert.deepEqual(rounds[2]?.[2], "direct.payload-8000");
  });

  it("are one for five arms, and several with the baseline in each for more", () => {
    const armsOf = (count: number): string =>
      `arms: [${Array.from({ length: count }, (_, index) => `a${index}=direct`).join(", ")}]`;
    assert.deepEqual(read(armsOf(5)).rounds, [["a0", "a1", "a2", "a3", "a4"]]);
    assert.deepEqual(read(armsOf(8)).rounds, [
      ["a0", "a1", "a2", "a3", "a4"],
      ["a0", "a5", "a6", "a7"],
    ]);
  });

  it("hold every arm, and every pair in one round", () => {
    for (const text of [
      matrix,
      `${matrix}compare: { baseline: nginx }`,
      "arms: [nginx]",
      "arms: [nginx]\nmatrix: { payload: [1, 2] }",
    ]) {
      const { rounds, arms, pairs } = read(text);
      assert.deepEqual(new Set(rounds.flat()), new Set(arms.map(({ name }) => name)));
      for (const { baseline, candidate } of pairs) {
        assert.ok(rounds.some((round) => round[0] === baseline && round.includes(candidate)));
      }
    }
  });
});

describe("againstItself()", () => {
  it("runs the baseline twice, under its load, with the scenario's metrics and time", () => {
    const scenario = againstItself(
      read("workload: { payload: 9 }\narms: [nginx, big=nginx]\ncompare: { metrics: [p50] }"),
    );
    assert.deepEqual(pairsOf(scenario), ["nginx-again / nginx"]);
    assert.deepEqual(scenario.aa, { arm: "nginx", again: "nginx-again" });
    assert.deepEqual(scenario.metrics, ["roundTrip.p50"]);
    const [arm, again] = scenario.arms;
    assert.deepEqual({ ...again, name: "nginx" }, arm);
  });

  it("gives one arm alone as many blocks as a verdict needs", () => {
    assert.equal(read("arms: [nginx]").blocks, 5);
    assert.equal(againstItself(read("arms: [nginx]")).blocks, null);
    assert.equal(againstItself(read("arms: [nginx]", { blocks: 9 })).blocks, 9);
  });
});

describe("a precision", () => {
  it("comes from the scenario or the command line, whose blocks go before the file's", () => {
    assert.equal(read("arms: [nginx]\ncompare: { precision: 3% }").precision, 0.03);
    assert.equal(read("arms: [nginx]\ncompare: { precision: 3% }", { precision: 0.02 }).precision, 0.02);
    assert.equal(read("arms: [nginx]\ncompare: { precision: 3% }", { blocks: 9 }).precision, null);
    assert.equal(
      read("workload: { blocks: 9 }\narms: [nginx]", { precision: 0.02 }).blocks,
      5,
      "one arm alone",
    );
  });
});
