import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseRelaySettings } from "#wsrally/proxy/relay-settings.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

describe("parseRelaySettings()", () => {
  it("takes microseconds, and none for nothing", () => {
    assert.deepEqual(parseRelaySettings({}), { spinUs: 0, stallMs: 0, leakBytes: 0, leakConnectionBytes: 0 });
    assert.deepEqual(
      parseRelaySettings({ spin_us: "2.5", stall_ms: "20", leak_bytes: "10", leak_connection_bytes: "4096" }),
      { spinUs: 2.5, stallMs: 20, leakBytes: 10, leakConnectionBytes: 4096 },
    );
  });

  for (const [set, says] of [
    [{ spin_us: "-1" }, /spin_us=-1: want microseconds/],
    [{ stall_ms: "1001" }, /stall_ms=1001: want milliseconds from 0 to 1000/],
    [{ stall_ms: "" }, /stall_ms=:/],
    [{ spin_us: "fast" }, /spin_us=fast/],
    [{ spin_us: "" }, /spin_us=:/],
    [{ leak_bytes: "1.5" }, /leak_bytes=1.5: want whole bytes/],
    [{ leak_connection_bytes: "-1" }, /leak_connection_bytes=-1: want whole bytes/],
    [{ spin_us: "1e9" }, /spin_us=1e9/],
    [{ proxy_buffering: "off" }, /Cannot set proxy_buffering on the embedded relay: want spin_us/],
  ] as const) {
    it(`refuses ${JSON.stringify(set)}`, () => assert.throws(() => parseRelaySettings(set), says));
  }
});

describe("the embedded relay", () => {
  it("burns what it is told to for every message", async () => {
    await withFolder(async (out) => {
      const load = [
        "--connections",
        "1",
        "--rate",
        "40",
        "--duration",
        "1",
        "--warmup",
        "0",
        "--blocks",
        "1",
      ];
      const args = ["run", "embedded", "--set", "spin_us=3000", ...load, "--json", "--out", out];
      const { code, stdout, stderr } = await runHere(args);
      assert.equal(code, 0, stderr);
      const [trial] = (JSON.parse(stdout) as RunDocument).arms[0]?.trials ?? [];
      assert.ok(
        (trial?.latencyUs.roundTrip.p50 ?? 0) >= 3000,
        "no reply can come before the burning is done",
      );
      assert.ok((trial?.latencyUs.roundTrip.count ?? 0) >= 35);
    });
  });
});
