import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { ns } from "#wsrally/base/units.js";
import type { ResidenceFigures } from "#wsrally/residence/residence-messages.js";
import type { PlannedArm } from "#wsrally/scenario/scenario.js";
import type { WorkloadInput } from "#wsrally/scenario/workload.js";
import { residenceHistograms, residenceRecordOf } from "#wsrally/trial/residence-record.js";
import { asksForResidence, requireResidenceOf } from "#wsrally/trial/stage-residence.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

const arm = (text: string, overrides: WorkloadInput = {}): PlannedArm =>
  resolveAsWritten({ arms: [text] }, { name: "t", overrides: { residence: true, ...overrides } }).arms[0] ??
  assert.fail(text);

function histogram(): string {
  const one = new LatencyHistogram();
  one.record(ns(30_000));
  return one.encode();
}

const whole: ResidenceFigures = {
  up: { came: 1000, left: 1000, strays: 0, histogram: histogram() },
  down: { came: 1000, left: 1000, strays: 0, histogram: histogram() },
  connections: { opened: 100, passedOn: 100, lost: 0 },
  packets: 5000,
  dropped: 0,
  clockSetNs: 100,
  busyShare: 0.02,
};

describe("what was seen at a proxy", () => {
  const rows: readonly {
    readonly what: string;
    readonly figures: ResidenceFigures;
    readonly says: RegExp | null;
  }[] = [
    { what: "all of it", figures: whole, says: null },
    {
      what: "all but 1 %",
      figures: { ...whole, dropped: 50, up: { ...whole.up, left: 990 } },
      says: null,
    },
    {
      what: "no WebSocket",
      figures: { ...whole, connections: { opened: 0, passedOn: 0, lost: 0 } },
      says: /no WebSocket was seen/,
    },
    { what: "with packets lost", figures: { ...whole, dropped: 51 }, says: /51 of 5051 packets/ },
    {
      what: "that a proxy opens with keys of its own",
      figures: { ...whole, connections: { opened: 100, passedOn: 0, lost: 0 } },
      says: /100 of 100 WebSockets were not seen to leave the proxy .* with the key they came with/,
    },
    {
      what: "of connections that cannot be read",
      figures: { ...whole, connections: { opened: 100, passedOn: 100, lost: 2 } },
      says: /2 of 200 TCP connections/,
    },
    {
      what: "without some that came",
      figures: { ...whole, down: { ...whole.down, left: 989 } },
      says: /11 of 1000 messages to the clients/,
    },
    {
      what: "of messages that the proxy changed",
      figures: { ...whole, up: { ...whole.up, strays: 11 } },
      says: /11 messages to the backend left the proxy otherwise/,
    },
    { what: "while the clock was set", figures: { ...whole, clockSetNs: -2e6 }, says: /clock, .* was set/ },
  ];
  it("is nothing where nobody looked", () => {
    assert.equal(residenceRecordOf(null), null);
    assert.equal(residenceHistograms(null).size, 0);
  });

  for (const { what, figures, says } of rows)
    it(`is a figure, or says why it is none: ${what}`, () => {
      const { problem, dropped } = residenceRecordOf(figures) ?? assert.fail();
      const names = [...residenceHistograms(figures).keys()];
      if (says === null) assert.equal(problem, null);
      else assert.match(problem ?? "", says);
      assert.deepEqual(names, says === null ? ["residenceUp", "residenceDown"] : []);
      assert.equal(dropped, figures.dropped);
    });
});

describe("requireResidenceOf()", () => {
  it("takes what wsrally runs, and plain ws with its backend behind", () => {
    for (const text of ["nginx", "direct", "embedded"]) requireResidenceOf(arm(text), false);
    requireResidenceOf(arm("ws://127.0.0.1:1/", { behind: "127.0.0.1:7415" }), false);
  });

  const refused = [
    { what: "a URL alone", arm: arm("ws://127.0.0.1:1/"), hasAgents: false, says: /a URL: want --behind/ },
    {
      what: "TLS",
      arm: arm("wss://127.0.0.1:1/", { behind: "127.0.0.1:7415" }),
      hasAgents: false,
      says: /over TLS: want plain ws/,
    },
    {
      what: "agents",
      arm: arm("nginx"),
      hasAgents: true,
      says: /with agents: want the load and the proxy on this machine/,
    },
  ];
  for (const { what, arm: refusedArm, hasAgents, says } of refused)
    it(`refuses ${what}`, () => {
      assert.throws(() => requireResidenceOf(refusedArm, hasAgents), { name: "UsageError", message: says });
    });
});

describe("--residence", () => {
  it("is asked for by one arm or more", () => {
    const without = arm("nginx", { residence: false });
    assert.equal(asksForResidence([without, without]), false);
    assert.equal(asksForResidence([without, arm("haproxy")]), true);
    requireResidenceOf(arm("ws://127.0.0.1:1/", { residence: false }), false);
  });

  const clashing: readonly { readonly beside: WorkloadInput; readonly says: RegExp }[] = [
    { beside: { deflate: true }, says: /residence: cannot stand beside deflate/ },
    { beside: { http: 2 }, says: /residence: cannot stand beside http 2/ },
    { beside: { upstream: "as-configured" }, says: /residence: cannot stand beside upstream as-configured/ },
  ];
  for (const { beside, says } of clashing)
    it(`does not stand beside ${Object.keys(beside).join()}`, () => {
      assert.throws(() => arm("nginx", beside), says);
    });

  it("is wanted by who compares by the time inside the proxy", () => {
    const asked = (overrides: WorkloadInput): unknown =>
      resolveAsWritten(
        { arms: ["nginx", "haproxy"], compare: { metrics: ["residenceUp.p50"] } },
        { name: "t", overrides },
      ).metrics;
    assert.throws(() => asked({}), /Cannot compare arms by residenceUp.p50: want --residence/);
    assert.deepEqual(asked({ residence: true }), ["residenceUp.p50"]);
  });
});
