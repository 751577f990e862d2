import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readWorkloadFlags } from "#wsrally/commands/workload-flags.js";

describe("a workload's flags", () => {
  const rows: readonly (readonly [flags: object, line: RegExp])[] = [
    [{ fanout: "room=10" }, /^Cannot use --fanout room=10: rate: want a number a second above 0 and up to /],
    [{ push: "rate=5,size=3" }, /^Cannot use --push rate=5,size=3: size: want a size in bytes from 64B /],
    [{ push: "5" }, /^Cannot use --push 5: want rate and size, as in rate=500,size=200$/],
    [{ header: ["x"] }, /^Cannot use --header: want /],
  ];
  for (const [flags, line] of rows) {
    it(`say in a line which part of one is wrong: ${JSON.stringify(flags)}`, () => {
      assert.throws(() => readWorkloadFlags({ ...flags }), { name: "UsageError", message: line });
    });
  }
});
