import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { resolveWorkload, workloadSchema } from "#wsrally/scenario/workload.js";

function faultsOf(input: unknown): string[] {
  return (
    workloadSchema
      .safeParse(input)
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? []
  );
}

describe("a workload's shape", () => {
  it("churns at a rate, or by lives", () => {
    const of = (churn: string | number) => resolveWorkload(workloadSchema.parse({ churn })).churn;
    assert.deepEqual(of(50), { kind: "rate", perS: 50 });
    assert.deepEqual(of("2k/s"), { kind: "rate", perS: 2000 });
    assert.deepEqual(of("30s"), { kind: "life", life: { kind: "range", leastS: 30, mostS: 30 } });
    assert.deepEqual(of("500ms..1m"), { kind: "life", life: { kind: "range", leastS: 0.5, mostS: 60 } });
    assert.deepEqual(of("exponential(2m)"), { kind: "life", life: { kind: "exponential", meanS: 120 } });
  });

  it("refuses to churn so many a second that none would be there for long", () => {
    const of = (churn: string) => resolveWorkload(workloadSchema.parse({ churn, connections: 50 })).churn;
    assert.deepEqual(of("500"), { kind: "rate", perS: 500 });
    assert.deepEqual(of("100ms"), { kind: "life", life: { kind: "range", leastS: 0.1, mostS: 0.1 } });
    assert.throws(
      () => of("501"),
      /^UsageError: Cannot have 501 of 50 connections come and go a second: want 500 at the most/,
    );
  });

  const pairs: readonly (readonly [what: string, short: unknown, long: unknown])[] = [
    ["sizes of both directions", { sizes: "64..1500" }, { sizes: { up: "64..1500" } }],
    ["one size", { sizes: 200 }, { sizes: { up: "200", down: null } }],
    [
      "sizes each way",
      { sizes: "64..1k => lognormal(200, 2)" },
      { sizes: { up: "64..1k", down: "lognormal(200, 2)" } },
    ],
    [
      "a mix",
      { mix: "90% at 0.02, 10% at 1,000" },
      {
        mix: [
          { share: 0.9, rate: 0.02 },
          { share: "10%", rate: 1000 },
        ],
      },
    ],
    [
      "stages",
      { stages: "500ms at 1,000, 1m at 1k..5k,1s at 0" },
      {
        stages: [
          { for: 0.5, rate: 1000 },
          { for: 60, rate: "1000..5000" },
          { for: "1s", rate: "0" },
        ],
      },
    ],
    [
      "stages of both",
      { stages: "1s at 1,000 with 10..1k, 2s at 5 with 7" },
      {
        stages: [
          { for: 1, rate: 1000, connections: "10..1000" },
          { for: 2, rate: 5, connections: 7 },
        ],
      },
    ],
  ];
  for (const [what, short, long] of pairs) {
    it(`is the same in a line as in keys, and can be read again: ${what}`, () => {
      const once = workloadSchema.parse(short);
      assert.deepEqual(once, workloadSchema.parse(long));
      assert.deepEqual(workloadSchema.parse(once), once);
    });
  }

  it("has messages of many sizes, as text unless binary is asked for", () => {
    const { message } = resolveWorkload(workloadSchema.parse({ sizes: "64..1500", binary: true }));
    assert.deepEqual(message, { kind: "sized", binary: true, savedPercent: 0, up: "64..1500", down: null });
  });

  it("thinks for a time, a range of times, or a time by chance", () => {
    const of = (think: string | number) =>
      resolveWorkload(workloadSchema.parse({ think, closed: true })).think;
    assert.deepEqual(of(1.5), { kind: "range", leastS: 1.5, mostS: 1.5 });
    assert.deepEqual(of("100ms..2s"), { kind: "range", leastS: 0.1, mostS: 2 });
    assert.deepEqual(of("exponential(1s)"), { kind: "exponential", meanS: 1 });
  });

  it("offers what its classes come to, in whole connections", () => {
    const given = { connections: 1000, mix: "90% at 0.02, 10% at 5" };
    assert.deepEqual(resolveWorkload(workloadSchema.parse(given)).loop, { kind: "open", ratePerS: 518 });
  });

  it("takes the time of its stages, and offers what they come to", () => {
    const { loop, durationS } = resolveWorkload(
      workloadSchema.parse({ stages: "10s at 100, 10s at 100..300" }),
    );
    assert.deepEqual([loop, durationS], [{ kind: "open", ratePerS: 150 }, 20]);
  });

  it("reads stages from a CSV file, whose other columns are nobody's", () => {
    const file = join(mkdtempSync(join(tmpdir(), "wsrally-stages-")), "day.csv");
    writeFileSync(file, "hour,rate,for\n0,100,1s\n1,100..200,500ms\n");
    assert.deepEqual(workloadSchema.parse({ stages: file }).stages, [
      { for: 1, rate: { from: 100, to: 100 } },
      { for: 0.5, rate: { from: 100, to: 200 } },
    ]);
  });

  it("says which file of stages cannot be read", () => {
    assert.throws(() => workloadSchema.parse({ stages: "no-such-file.csv" }), {
      name: "UsageError",
      message: /^Cannot read the stages no-such-file\.csv: ENOENT/,
    });
  });

  it("has the most connections that its stages want, and leaves them the load", () => {
    const of = (given: object) => {
      const { loop, durationS, connections } = resolveWorkload(workloadSchema.parse(given));
      return [loop.kind, durationS, connections];
    };
    assert.deepEqual(of({ stages: "1s with 5..50, 2s with 20" }), ["paced", 3, 50]);
    assert.deepEqual(of({ stages: "1s with 5..50, 2s with 20", closed: true }), ["closed", 3, 50]);
    assert.deepEqual(of({ stages: "1s with 5", rate: 100 }), ["open", 1, 5]);
    assert.deepEqual(of({ stages: "1s at 100 with 5..7" }), ["open", 1, 7]);
  });

  const size =
    /want a size from 8B to 1MiB, a range such as 64\.\.1500, lognormal\(MEDIAN, SPREAD\) .* or a file of sizes/;
  const rows: readonly (readonly [given: object, fault: RegExp])[] = [
    [{ sizes: "many" }, size],
    [{ sizes: "7" }, size],
    [{ sizes: "1500..64" }, size],
    [{ sizes: "64..2M" }, size],
    [{ sizes: "64...100" }, size],
    [{ sizes: "normal(200, 2)" }, size],
    [{ sizes: "lognormal(200, 0.5)" }, size],
    [{ sizes: "lognormal(0, 2)" }, size],
    [{ sizes: "64 =>" }, /^sizes: down: want a size/],
    [{ sizes: [64] }, /^sizes: want a size.*; or up and down/],
    [{ sizes: "8..64 => 100" }, /^sizes: want messages of 20 bytes and more beside sizes of replies/],
    [{ sizes: "64", payload: 64 }, /^sizes: cannot stand beside payload/],
    [{ compressibility: 0.5 }, /^compressibility: goes with sizes/],
    [{ sizes: 64, compressibility: "100%" }, /^compressibility: want a share from 0 to 99%/],
    [{ think: "1s" }, /^think: goes with closed/],
    [{ think: "a while", closed: true }, /^think: want a time such as 1s, a range such as 100ms\.\.2s/],
    [{ think: "2s..1s", closed: true }, /^think: want a time/],
    [{ think: "exponential(never)", closed: true }, /^think: want a time/],
    [{ mix: "some" }, /^mix: want share and rate of each class/],
    [{ mix: "90% at 1, 20% at 5" }, /^mix: want shares that come to 100 %, and these come to 110 %/],
    [{ mix: "50% at 0, 50% at 0" }, /^mix: want a class that sends/],
    [{ mix: "100% at fast" }, /^mix: \[1\]\.rate: want a number a second/],
    [{ mix: [{ share: 1 }] }, /^mix: \[1\]\.rate: want a number a second/],
    [{ mix: "100% at 1", rate: 5 }, /^mix: cannot stand beside rate/],
    [{ stages: "soon" }, /^stages: want for, and rate or connections, of each stage/],
    [{ stages: "1s at many" }, /^stages: \[1\]\.rate: want a rate to hold, such as 1000, or two/],
    [{ stages: "long at 5" }, /^stages: \[1\]\.for: want a time/],
    [{ stages: "1ms at 5" }, /^stages: want stages of 50ms to 1h together/],
    [{ stages: "1s at 0" }, /^stages: want a stage that sends/],
    [{ stages: "1s at 5", closed: true }, /^stages: cannot stand beside closed/],
    [{ stages: "1s at 5", duration: "1s" }, /^stages: cannot stand beside duration/],
    [{ stages: "1s with 0..5" }, /^stages: \[1\]\.connections: want 1 connection or more to hold/],
    [{ stages: "1s with 1.5" }, /^stages: \[1\]\.connections: want 1 connection or more to hold/],
    [{ stages: "1s at 5 with 5, 1s at 5" }, /^stages: want connections of all stages or of none, and 1 of 2/],
    [
      { stages: "1s with 5", connections: 9 },
      /^stages: stages of connections cannot stand beside connections/,
    ],
    [{ stages: "1s with 5", mix: "100% at 1" }, /^mix: cannot stand beside stages/],
    [
      { stages: "1s with 5", fanout: "room=2,rate=1" },
      /^stages: stages of connections cannot stand beside fanout: who is in a room/,
    ],
    [{ churn: "0" }, /^churn: want connections a second such as 50, or how long each lives: 30s/],
    [{ churn: "10..60" }, /^churn: want connections a second/],
    [{ churn: "60s..10s" }, /^churn: want connections a second/],
    [{ churn: 5, fanout: "room=2,rate=1" }, /^churn: cannot stand beside fanout: who is in a room/],
    [{ sizes: "64", message: "x" }, /^sizes: cannot stand beside message or preset/],
  ];
  for (const [given, fault] of rows) {
    it(`is told off in one line: ${JSON.stringify(given)}`, () => {
      const faults = faultsOf(given);
      assert.equal(faults.length, 1, faults.join("\n"));
      assert.match(faults[0] ?? "", fault);
    });
  }
});
