import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { numberAfter, parseStat } from "#wsrally/proxy/proc-files.js";

const rest =
  "S 1 42 43 0 -1 4194304 100 0 0 0 7 12 0 0 20 0 1 0 98765 21135360 400 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 3";

describe("parseStat()", () => {
  for (const name of ["nginx", "tmux: server", "a) S 9 9 9 (b"]) {
    it(`reads past the name ${name}`, () => {
      assert.deepEqual(parseStat(`4711 (${name}) ${rest}`), {
        parent: 1,
        group: 42,
        session: 43,
        userTicks: 7,
        systemTicks: 12,
        startTicks: 98_765,
        cpu: 3,
      });
    });
  }
});

describe("numberAfter()", () => {
  const status =
    "Name:\tVmRSS: 9\nVmHWM:\t   123 kB\nVmRSS:\t    77 kB\nnonvoluntary_ctxt_switches:\t5\nvoluntary_ctxt_switches:\t3\n";
  for (const [name, value] of [
    ["VmRSS", 77],
    ["VmHWM", 123],
    ["voluntary_ctxt_switches", 3],
    ["nonvoluntary_ctxt_switches", 5],
    ["Pss", null],
  ] as const) {
    it(`gives ${value} for ${name}`, () => assert.equal(numberAfter(status, name), value));
  }

  it("gives null for a file that is not there", () => assert.equal(numberAfter(null, "VmRSS"), null));
});
