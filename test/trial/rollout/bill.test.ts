import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { LatencyRecorder } from "#wsrally/base/latency-recorder.js";
import type { ConnectionNote } from "#wsrally/load/connection-note.js";
import { type BillFacts, billOf, spreadOf, worstBurst } from "#wsrally/trial/rollout/bill.js";
import { fc } from "../../support/seeded-fast-check.js";

const ms = 1e6;

/** 10 windows of 100 ms, the event after the third; replies of 1 ms, in the fifth and sixth of 30. */
function facts(changes: Partial<BillFacts> = {}): BillFacts {
  const response = (valueNs: number): LatencyHistogram => {
    const recorder = new LatencyRecorder();
    for (let i = 0; i < 500; i++) recorder.record(valueNs);
    return recorder.toHistogram();
  };
  return {
    eventsNs: [300 * ms],
    lastedToNs: null,
    clients: 3,
    windowNs: 100 * ms,
    windows: Array.from({ length: 10 }, (_, i) => ({
      atNs: i * 100 * ms,
      open: 3,
      response: response((i === 4 || i === 5 ? 30 : 1) * ms),
    })),
    notes: [],
    samples: [
      { atNs: 200 * ms, pids: [1, 2], rssBytes: 100 },
      { atNs: 450 * ms, pids: [1, 2, 3], rssBytes: 160 },
      { atNs: 900 * ms, pids: [1, 3], rssBytes: 110 },
    ],
    leaders: [1],
    byEnding: [],
    repliesLost: 0,
    slowAboveUs: 20_000,
    ...changes,
  };
}

const lost = (atMs: number): ConnectionNote => ({ what: "lost", atNs: atMs * ms, kind: "eof", code: null });
const tried = (atMs: number): ConnectionNote => ({ what: "tried", atNs: atMs * ms });
const back = (atMs: number, downMs: number): ConnectionNote => ({
  what: "back",
  atNs: atMs * ms,
  downNs: downMs * ms,
});

describe("billOf()", () => {
  it("has for its during all the time that an event lasts", () => {
    const bill = billOf(facts({ lastedToNs: 600 * ms }));
    assert.ok((bill.latencyUs.during.p99 ?? 0) >= 29_900, `${bill.latencyUs.during.p99} µs`);
    assert.ok((bill.latencyUs.after.p99 ?? 0) <= 1100, `${bill.latencyUs.after.p99} µs`);
  });

  it("says of an event that nobody noticed that nobody was lost", () => {
    const bill = billOf(facts());
    assert.equal(bill.lost.count, 0);
    assert.equal(bill.lostMs, null);
    assert.equal(bill.downMs, null);
    assert.deepEqual(bill.reconnects, {
      tries: 0,
      failedTries: 0,
      worstPer100Ms: 0,
      allBackAfterMs: null,
      notBack: 0,
    });
  });

  it("counts from the event who was lost, when, for how long, and how they came back", () => {
    const notes = [
      // One before the event is none of its doing.
      lost(100),
      tried(101),
      back(110, 10),
      lost(350),
      lost(360),
      tried(350),
      tried(361),
      tried(455),
      back(380, 30),
      back(460, 100),
    ];
    const { lostMs, downMs, reconnects, lost: all } = billOf(facts({ notes }));
    assert.equal(all.count, 2);
    assert.deepEqual(lostMs, { first: 50, last: 60 });
    assert.deepEqual(downMs, { p50: 30, p99: 100, max: 100 });
    assert.deepEqual(reconnects, {
      tries: 3,
      failedTries: 1,
      worstPer100Ms: 2,
      allBackAfterMs: 160,
      notBack: 0,
    });
  });

  it("tells of who is not back, and then of no time until all were", () => {
    const { reconnects } = billOf(facts({ notes: [lost(350), lost(351), tried(352), back(400, 50)] }));
    assert.deepEqual([reconnects.notBack, reconnects.allBackAfterMs], [1, null]);
  });

  it("parts latency at the event and at the last one's return, and counts what was slow", () => {
    const { latencyUs, slow } = billOf(facts({ notes: [lost(350), tried(351), back(620, 270)] }));
    const about = (value: number | null, us: number): void =>
      assert.ok(value !== null && Math.abs(value / us - 1) < 0.02, `${value} is not about ${us}`);
    about(latencyUs.before.p99, 1000);
    about(latencyUs.during.p99, 30_000);
    about(latencyUs.after.p99, 1000);
    assert.deepEqual(slow, { aboveUs: 20_000, forMs: 200 });
  });

  it("says nothing of slowness where no window had messages enough", () => {
    const windows = facts().windows.map((window) => ({ ...window, response: null }));
    assert.deepEqual(billOf(facts({ windows })).slow, { aboveUs: 20_000, forMs: null });
  });

  it("tells old processes from new ones, and leaves out who leads them", () => {
    const { proxy, series } = billOf(facts());
    assert.deepEqual(proxy, {
      processesBefore: 2,
      processesMost: 3,
      processesAfter: 2,
      oldProcessesLeft: 0,
      rssBytesBefore: 100,
      rssBytesMost: 160,
      rssBytesAfter: 110,
    });
    assert.deepEqual(
      series.map(({ oldProcesses }) => oldProcesses),
      [null, 1, 1, 1, 1, 1, 1, 1, 0, 0],
    );
  });

  it("puts every opening into the window it was begun in", () => {
    const { series } = billOf(facts({ notes: [tried(399), tried(400), tried(401)] }));
    assert.deepEqual([series[3]?.reconnects, series[4]?.reconnects], [1, 2]);
    assert.deepEqual([series[0]?.atMs, series[3]?.atMs], [-300, 0]);
  });
});

describe("worstBurst()", () => {
  it("is what a count over every window of 100 ms comes to", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 }), (atMs) => {
        const slow = atMs.map((from) => atMs.filter((at) => at >= from && at < from + 100).length);
        assert.equal(worstBurst(atMs.map((at) => at * ms)), Math.max(0, ...slow));
      }),
    );
  });
});

describe("spreadOf()", () => {
  it("is null of nothing, and by nearest rank of some", () => {
    assert.equal(spreadOf([]), null);
    assert.deepEqual(spreadOf([5]), { p50: 5, p99: 5, max: 5 });
    assert.deepEqual(spreadOf(Array.from({ length: 200 }, (_, i) => 200 - i)), {
      p50: 100,
      p99: 198,
      max: 200,
    });
  });
});
