import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { builtInScenarios, findScenario } from "#wsrally/scenario/find-scenario.js";
import { metricNames } from "#wsrally/scenario/metric.js";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import { type Scenario, scenarioSchema } from "#wsrally/scenario/scenario.js";
import { type WorkloadInput, workloadSchema } from "#wsrally/scenario/workload.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

function read(text: string, overrides: WorkloadInput = {}): Scenario {
  return resolveAsWritten(parseScenario(text, "s.yaml"), { name: "s", overrides });
}

function faultsOf(text: string): string[] {
  try {
    read(text);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown));
    return thrown.message.split("\n");
  }
  return [];
}

describe("parseScenario()", () => {
  it("reports every fault of a file together, each with its line and key", () => {
    const faults = faultsOf(
      [
        "workload:",
        "  connections: 0",
        "  rate: -5",
        "  speed: 9",
        "arms:",
        "  - nginx",
        "compare:",
        "  margin: 7",
      ].join("\n"),
    );
    assert.equal(faults.length, 4, faults.join("\n"));
    assert.match(faults[0] ?? "", /^s\.yaml:2: workload\.connections: want a whole number .* \(got 0\)$/);
    assert.match(
      faults[1] ?? "",
      /^s\.yaml:3: workload\.rate: want a number a second above 0 .* \(got -5\)$/,
    );
    assert.match(faults[2] ?? "", /^s\.yaml:4: workload\.speed: unknown key \(did you mean seed\?\)$/);
    assert.match(faults[3] ?? "", /^s\.yaml:8: compare\.margin: /);
  });

  it("sets whatever --set does, of any proxy", () => {
    const names = [
      "tune.bufsize",
      "timeout tunnel",
      "GOMAXPROCS",
      "fastProxy",
      "inFlightReq amount",
      "drain-time-s",
    ];
    const set = names.map((name) => `${name}: 1`).join(", ");
    const [arm] = read(`arms: [{ name: a, arm: haproxy, set: { ${set} } }]`).arms;
    assert.deepEqual(Object.keys(arm?.set ?? {}), names);
  });

  for (const [what, text, fault] of [
    ["text that is no YAML", "arms: [nginx", /^s\.yaml:1: /],
    ["an empty file", "", /arms/],
    ["a list at the top", "- nginx", /^s\.yaml:1: scenario: /],
    ["an unknown key at the top", "arms: [nginx]\nspeed: 1", /^s\.yaml:2: speed: unknown key/],
    ["an unknown arm", "arms: [squid]", /Unknown arm "squid"/],
    [
      "a mistyped arm together with the rest",
      "workload: { conections: 5 }\narms: [ngnix, direct]",
      /^s\.yaml:1: workload\.conections: unknown key \(did you mean connections\?\)\ns\.yaml:2: arms\[1\]: Unknown arm "ngnix" \(did you mean nginx\?\)/,
    ],
    ["a mistyped key at the top", "nmae: x\narms: [nginx]", /nmae: unknown key \(did you mean name\?\)/],
    ["a key in the wrong place", "rate: 5\narms: [nginx]", /rate: unknown key \(it goes below workload\)/],
    [
      "an unknown engine",
      "workload: { engine: epol }\narms: [nginx]",
      /want one of auto, .*did you mean epoll\?/,
    ],
    ["no arms", "arms: []", /s\.yaml:1: arms: /],
    ["an arm without its kind", "arms:\n  - name: a", /s\.yaml:2: arms\[1\]: /],
    [
      "a billion connections",
      "workload: { connections: 1000000000 }\narms: [nginx]",
      /connections: want a whole number from 1 to 1,000,000/,
    ],
    [
      "a rate beside closed",
      "workload: { rate: 5, closed: true }\narms: [nginx]",
      /closed: cannot stand beside rate/,
    ],
    [
      "one burn-in for arms that warm up together",
      "workload: { burnIn: one, interleave: slots }\narms: [nginx, haproxy]",
      /burnIn: cannot be one beside interleave slots/,
    ],
    ["two arms of one name", "arms: [nginx, nginx]", /Two arms are named nginx/],
    ["a baseline that is not there", "arms: [nginx, direct]\ncompare: { baseline: x }", /No arm is named x/],
    [
      "an unknown metric",
      "arms: [nginx]\ncompare: { metrics: [p42] }",
      /^s\.yaml:2: compare\.metrics\[1\]: want p50, .*response\.p99, .*cpuUsPerMessage.*\(got "p42"\)$/,
    ],
    [
      "a percentile that has too few",
      "arms: [nginx]\ncompare: { metrics: [uplink.p999] }",
      /p50 or p99 of uplink/,
    ],
    [
      "failures as a metric",
      "arms: [nginx]\ncompare: { metrics: [failures] }",
      /no metric, .*fails a gate by itself/,
    ],
    ["a matrix over a file", "arms: [nginx:a.conf]\nmatrix: { tls: [on] }", /Cannot vary tls/],
    [
      "a payload in the matrix that is no number",
      "arms: [nginx]\nmatrix: { payload: [big] }",
      /payload-big: payload: want a size in bytes .* such as 64 or 16k/,
    ],
    ["an axis named arm", "arms: [nginx]\nmatrix: { arm: [nginx] }", /list the arms under arms/],
    ["a value that stands twice", "arms: [nginx]\nmatrix: { tls: [on, on] }", /Axis tls.*"on" twice/],
    [
      "a switch that is neither on nor off",
      "arms: [nginx]\nmatrix: { deflate: [maybe] }",
      /Axis deflate.*on or off/,
    ],
    [
      "a matrix of which nothing is left",
      "arms: [nginx]\nmatrix: { tls: [on], exclude: [{ tls: on }] }",
      /nothing is left/,
    ],
    [
      "an arm that the matrix includes and nobody knows",
      "arms: [nginx]\nmatrix: { tls: [on], include: [{ arm: b }] }",
      /includes arm b/,
    ],
    [
      "an axis to compare that is not there",
      "arms: [nginx]\nmatrix: { tls: [on, off] }\ncompare: { axis: gzip }",
      /No axis is named gzip.*want one of tls/,
    ],
    [
      "an axis to compare that changes the load",
      "arms: [nginx]\nmatrix: { tls: [on, off], payload: [1, 2] }\ncompare: { axis: payload }",
      /Cannot compare along payload/,
    ],
    [
      "a baseline that the compared axis lacks",
      "arms: [nginx]\nmatrix: { tls: [on, off] }\ncompare: { axis: tls, baseline: auto }",
      /Axis tls has no value auto/,
    ],
    [
      "a precision beside blocks",
      "workload: { blocks: 9 }\narms: [nginx]\ncompare: { precision: 3% }",
      /precision beside blocks/,
    ],
    [
      "a precision beside blocks of one place",
      "workload: { blocks: 9, precision: 0.03 }\narms: [nginx]",
      /precision: cannot stand beside blocks/,
    ],
    ["a precision of nothing", "arms: [nginx]\ncompare: { precision: 0 }", /compare\.precision/],
    [
      "no connections",
      "workload: { connections: 0 }\narms: [nginx]",
      /connections: want a whole number from 1/,
    ],
    [
      "a time that is none",
      "workload: { duration: 5 parsecs }\narms: [nginx]",
      /^s\.yaml:1: workload\.duration: want a time from 50ms to 1h, such as 5s or 2m \(got "5 parsecs"\)$/,
    ],
    ["a payload in the matrix that is too large", "arms: [nginx]\nmatrix: { payload: [9999999] }", /payload/],
  ] as const) {
    it(`rejects ${what}`, () => {
      assert.match(faultsOf(text).join("\n"), fault);
    });
  }
});

describe("what a schema finds wrong", () => {
  it("is said in the house's words, whatever stands there", () => {
    const keys = Object.keys(scenarioSchema.shape);
    const workload = Object.keys(workloadSchema.shape);
    const values = ["5", "-1", "x", "true", "[]", "[[1]]", "{}", "{ a: 1 }", "null"];
    const texts = [
      ...values,
      ...values.flatMap((value) => keys.map((key) => `${key}: ${value}`)),
      ...values.flatMap((value) => keys.map((key) => `arms: [nginx]\n${key}: ${value}`)),
      ...values.flatMap((value) => workload.map((key) => `arms: [nginx]\nworkload: { ${key}: ${value} }`)),
    ];
    let told = 0;
    for (const text of texts) {
      try {
        parseScenario(text, "s.yaml");
      } catch (thrown) {
        told += 1;
        assert.ok(thrown instanceof UsageError, text);
        assert.doesNotMatch(
          thrown.message,
          /Invalid|expected|received|Too (small|big)|>=|<=|undefined/,
          text,
        );
      }
    }
    assert.ok(told > texts.length / 3);
  });
});

describe("resolveScenario()", () => {
  it("fills the defaults in and keeps YAML's on and off as nginx writes them", () => {
    const { arms, pairs, metrics, maxSeconds } = read(
      "arms:\n  - nginx\n  - { name: off, arm: nginx, set: { proxy_buffering: off, worker_processes: 2 } }",
    );
    assert.deepEqual(arms[1]?.set, { proxy_buffering: "off", worker_processes: "2" });
    assert.equal(arms[0]?.workload.connections, 1000);
    assert.deepEqual(arms[0]?.workload.loop, { kind: "paced", share: 0.3 });
    assert.deepEqual(pairs, [{ baseline: "nginx", candidate: "off" }]);
    assert.deepEqual(metrics, ["roundTrip.p50", "roundTrip.steadyP99", "cpuUsPerMessage", "stallsPerS"]);
    assert.equal(maxSeconds, 120);
  });

  it("reads quantities as people write them, in the workload and in the matrix", () => {
    const { arms, maxSeconds } = read(
      "workload: { duration: 500ms, connections: '2,000', maxSeconds: 2m }\narms: [nginx]\nmatrix: { rate: [1k, 5k/s], payload: [16k] }",
    );
    assert.deepEqual(
      arms.map(({ name, workload }) => [name, workload.loop]),
      [
        ["nginx.rate-1k.payload-16k", { kind: "open", ratePerS: 1000 }],
        ["nginx.rate-5k-s.payload-16k", { kind: "open", ratePerS: 5000 }],
      ],
    );
    const { durationS, connections, message } = arms[0]?.workload ?? {};
    assert.deepEqual([durationS, connections, maxSeconds], [0.5, 2000, 120]);
    assert.deepEqual(message, { kind: "payload", bytes: 16_384, binary: false });
  });

  it("leaves the proxy's cost out where an arm has no proxy", () => {
    const { metrics } = read("arms: [direct, nginx]");
    assert.deepEqual(metrics, ["roundTrip.p50", "roundTrip.steadyP99", "stallsPerS"]);
  });

  it("takes every metric by its name", () => {
    const workload = "workload: { residence: true, push: { rate: 500 }, fanout: { room: 10, rate: 20 } }";
    const text = `${workload}\narms: [nginx]\ncompare: { metrics: [${metricNames.join(", ")}] }`;
    assert.deepEqual(read(text).metrics, metricNames);
    assert.equal(read(text).margins["wire.p99"], 0.2);
    assert.equal(read(text).margins["wire.steadyP99"], 0.1);
    // Stalls differ by so many a second, whatever share is asked for.
    assert.equal(read(`${text.replace("] }", "], margin: 3% }")}`).margins.stallsPerS, 0.5);
    assert.equal(read(text).margins.activeBytesPerConnection, 0.05);
  });

  it("lets the command line's keys go before the file's", () => {
    const { arms } = read("workload: { rate: 100, connections: 5 }\narms: [nginx]", { closed: true });
    assert.deepEqual(arms[0]?.workload.loop, { kind: "closed" });
    assert.equal(arms[0]?.workload.connections, 5);
  });

  it("multiplies arms by the matrix, and compares only what runs under one load", () => {
    const { arms, pairs } = read(
      "arms: [nginx]\nmatrix: { proxy_buffer_size: [4k, 1k], payload: [64, 8000] }",
    );
    assert.deepEqual(
      arms.map(({ name }) => name),
      [
        "nginx.proxy_buffer_size-4k.payload-64",
        "nginx.proxy_buffer_size-1k.payload-64",
        "nginx.proxy_buffer_size-4k.payload-8000",
        "nginx.proxy_buffer_size-1k.payload-8000",
      ],
    );
    assert.deepEqual(pairs, [
      {
        baseline: "nginx.proxy_buffer_size-4k.payload-64",
        candidate: "nginx.proxy_buffer_size-1k.payload-64",
      },
      {
        baseline: "nginx.proxy_buffer_size-4k.payload-8000",
        candidate: "nginx.proxy_buffer_size-1k.payload-8000",
      },
    ]);
    assert.deepEqual(arms[2]?.workload.message, { kind: "payload", bytes: 8000, binary: false });
  });

  it("takes the named baseline, a margin in percent, and short metric names", () => {
    const { pairs, metrics, margins } = read(
      "arms: [direct, nginx]\ncompare: { baseline: nginx, metrics: [p99, throughputPerS], margin: 3% }",
    );
    assert.deepEqual(pairs, [{ baseline: "nginx", candidate: "direct" }]);
    assert.deepEqual(metrics, ["roundTrip.p99", "throughputPerS"]);
    assert.deepEqual(margins, { "roundTrip.p99": 0.03, throughputPerS: 0.03 });
  });
});

describe("the scenarios in the package", () => {
  for (const name of builtInScenarios()) {
    it(`${name} reads and says what it asks`, () => {
      const file = findScenario(name);
      assert.ok(file);
      const scenario = resolveAsWritten(parseScenario(file.text, file.file), { name, overrides: {} });
      assert.equal(scenario.name, name);
      assert.match(scenario.description ?? "", /\?/);
      assert.ok(scenario.pairs.length > 0);
      assert.match(file.text, /^# yaml-language-server: \$schema=/);
    });
  }

  it("are those that docs/scenarios.md names", () => {
    assert.deepEqual(builtInScenarios(), [
      "come-and-go",
      "direct-vs-nginx",
      "idle-crowd",
      "nginx-buffer-size",
      "nginx-buffering",
      "nginx-matrix",
      "nginx-tls",
      "room-of-100",
      "server-push",
      "six-proxies",
      "smoke",
      "spike",
    ]);
  });

  it("a name that is neither scenario nor file may be an arm", () => {
    assert.equal(findScenario("nginx"), null);
    assert.equal(findScenario("nginx:conf/site.yaml"), null);
    assert.throws(() => findScenario("missing.yaml"), /there is no such file/);
  });
});
