import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { RealtimeOffset } from "#wsrally/linux/realtime-offset.js";
import {
  monotonicNs,
  nsOfTimespec,
  processCpuTimeNs,
  realtimeEpochS,
  realtimeNs,
  threadCpuTimeNs,
} from "#wsrally/linux/system-clock.js";
import { linuxOnly } from "./support/linux-only.js";

describe("nsOfTimespec()", () => {
  it("takes the seconds from two words and counts from the epoch given", () => {
    assert.equal(nsOfTimespec(new Int32Array([9, 7, 0, 5, 0]), 1, 0), 7e9 + 5);
  });

  it("keeps every nanosecond of a second beyond 2^31", () => {
    // 3,000,000,000 s is the year 2065, and negative as a signed word.
    const words = new Int32Array([3_000_000_000 | 0, 0, 999_999_999, 0]);
    assert.equal(nsOfTimespec(words, 0, 2_999_999_999), 1_999_999_999);
  });
});

describe("the clocks", linuxOnly, () => {
  it("agree with Node's own", () => {
    const before = process.hrtime.bigint();
    const now = monotonicNs();
    const after = process.hrtime.bigint();
    assert.ok(BigInt(now) >= before && BigInt(now) <= after);
    const earlierMs = Date.now();
    const stampMs = realtimeEpochS * 1e3 + realtimeNs() / 1e6;
    assert.ok(stampMs >= earlierMs && stampMs < Date.now() + 1);
  });

  it("count the processor time of any process, and of none that is not there", () => {
    const before = process.cpuUsage();
    const ns = processCpuTimeNs(process.pid) ?? Number.NaN;
    const after = process.cpuUsage();
    // The kernel rounds both to microseconds.
    assert.ok(ns >= (before.user + before.system - 2) * 1e3 && ns <= (after.user + after.system + 2) * 1e3);
    assert.ok((processCpuTimeNs(1) ?? 0) > 0);
    assert.equal(processCpuTimeNs(2 ** 22 + 1), null);
  });

  it("count the thread's processor time while it works, and hardly while it waits", async () => {
    const before = threadCpuTimeNs();
    const start = monotonicNs();
    while (monotonicNs() - start < 20e6);
    const worked = threadCpuTimeNs() - before;
    assert.ok(worked > 0 && worked <= monotonicNs() - start);
    const rested = threadCpuTimeNs();
    const restedAt = monotonicNs();
    await delay(50);
    assert.ok(threadCpuTimeNs() - rested < monotonicNs() - restedAt);
  });
});

describe("RealtimeOffset", linuxOnly, () => {
  it("turns real time into monotonic time, between two readings of it", () => {
    const offset = new RealtimeOffset();
    // Half of the time between its own two readings is what the measurement may be off by.
    const slackNs = 1e6;
    const before = monotonicNs();
    const converted = offset.monotonicOf(realtimeNs());
    const after = monotonicNs();
    assert.ok(converted > before - slackNs && converted < after + slackNs);
  });

  it("finds the same distance again", () => {
    const offset = new RealtimeOffset();
    assert.ok(Math.abs(offset.measure()) < 1e6);
  });
});
