import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PlannedArm } from "#wsrally/scenario/scenario.js";
import type { WorkloadInput } from "#wsrally/scenario/workload.js";
import { asksForLine, isLineLimit, requireLineTo } from "#wsrally/trial/stage-line.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

const limits = { maxOpenFiles: 1024, ephemeralPorts: 28_000, listenBacklog: 4096, availableBytes: null };
const arm = (text: string, overrides: WorkloadInput = {}): PlannedArm =>
  resolveAsWritten({ arms: [text] }, { name: "t", overrides }).arms[0] ?? assert.fail(text);

describe("requireLineTo()", () => {
  it("takes an arm that wsrally runs", () => {
    for (const text of ["nginx", "direct", "embedded"]) requireLineTo(arm(text), limits, false);
  });

  const refused = [
    { what: "a URL", arm: arm("ws://127.0.0.1:1/"), hasAgents: false, says: /a URL: want a proxy/ },
    {
      what: "agents",
      arm: arm("nginx"),
      hasAgents: true,
      says: /from agents: want the load on this machine/,
    },
    {
      what: "an upstream of the user's own",
      arm: arm("nginx", { upstream: "as-configured" }),
      hasAgents: false,
      says: /wsrally's backend alone is in there/,
    },
    {
      what: "more connections than one address has ports",
      arm: arm("nginx", { connections: 30_000 }),
      hasAgents: false,
      says: /with 30000 connections: .* 28000 local ports/,
    },
  ];
  for (const { what, arm: refusedArm, hasAgents, says } of refused)
    it(`refuses ${what}`, () => {
      assert.throws(() => requireLineTo(refusedArm, limits, hasAgents), {
        name: "UsageError",
        message: says,
      });
    });
});

describe("asksForLine()", () => {
  it("is asked for by one arm for all", () => {
    assert.equal(asksForLine([arm("nginx"), arm("haproxy")]), false);
    assert.equal(asksForLine([arm("nginx"), arm("haproxy", { loss: 0.01 })]), true);
  });
});

describe("isLineLimit()", () => {
  const figures = { toProxy: 1, toClients: 1, lost: 0, cutOff: 0, overflowed: 0, busyShare: 0 };
  const rows = [
    { delayMs: 0, late: 900, overflowed: 0, isLimit: false },
    { delayMs: 0, late: 1100, overflowed: 0, isLimit: true },
    { delayMs: 50, late: 4900, overflowed: 0, isLimit: false },
    { delayMs: 50, late: 5100, overflowed: 0, isLimit: true },
    { delayMs: 50, late: null, overflowed: 1, isLimit: true },
  ];
  for (const { delayMs, late, overflowed, isLimit } of rows)
    it(`${late} µs late at ${delayMs} ms, ${overflowed} overflowed`, () => {
      const lateUs = { p50: null, p99: late };
      const weather = { delayMs, jitterMs: 0, lossShare: 0 };
      assert.equal(isLineLimit(weather, { ...figures, overflowed, lateUs }), isLimit);
    });
});
