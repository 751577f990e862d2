import assert from "node:assert/strict";
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
  const pairs: readonly (readonly [what: string, short: unknown, long: unknown])[] = [
    ["sizes of both directions", { sizes: "64..1500" }, { sizes: { up: "64..1500" } }],
    ["one size", { sizes: 200 }, { sizes: { up: "200", down: null } }],
    [
      "sizes each way",
      { sizes: "64..1k => lognormal(200, 2)" },
      { sizes: { up: "64..1k", down: "lognormal(200, 2)" } },
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
    assert.deepEqual(message, { kind: "sized", binary: true, up: "64..1500", down: null });
  });

  const size = /want a size, a range such as 64\.\.1500, lognormal\(MEDIAN, SPREAD\) .* or a file of sizes/;
  const rows: readonly (readonly [given: object, fault: RegExp])[] = [
    [{ sizes: "many" }, size],
    [{ sizes: "7" }, size],
    [{ sizes: "1500..64" }, size],
    [{ sizes: "64..2M" }, size],
    [{ sizes: "64...100" }, size],
    [{ sizes: "normal(200, 2)" }, size],
    [{ sizes: "lognormal(200, 0.5)" }, size],
    [{ sizes: "lognormal(0, 2)" }, size],
    [{ sizes: "64 =>" }, /^sizes\.down: want a size/],
    [{ sizes: [64] }, /^sizes: want a size.*; or up and down/],
    [{ sizes: "8..64 => 100" }, /^sizes: want messages of 20 bytes and more beside sizes of replies/],
    [{ sizes: "64", payload: 64 }, /^sizes: cannot stand beside payload/],
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
