/** A soak's windows when a thread's report of one is lost: it is void, and so is the next, whose counts are of both. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WindowMessage } from "#wsrally/load/messages.js";
import { zeroCounts } from "#wsrally/load/thread-counts.js";
import type { SeenProxy } from "#wsrally/proxy/seen-proxy.js";
import type { PreparedArm } from "#wsrally/trial/prepare-arms.js";
import { WindowGatherer } from "#wsrally/trial/soak/gather-windows.js";
import type { SoakObserver, SoakPlan } from "#wsrally/trial/soak/soak-settings.js";
import { WindowQueue } from "#wsrally/trial/soak/window-queue.js";

const threads = 2;
const windowCount = 5;
const perWindow = 10;

/** What a thread tells at the end of a window: all of them alike. */
function report(window: number): WindowMessage {
  const total = (window + 2) * perWindow;
  return {
    window,
    open: 1,
    inFlight: 0,
    counts: { ...zeroCounts(), totalSent: total, totalReceived: total },
    upkeep: { lost: 0, reopened: 0, churned: 0, failedTries: 0 },
    notes: [],
    failures: [],
    unasked: null,
    histograms: {},
  };
}

/** @param lost windows of which the second thread's report does not come. @returns what an observer is told, in order */
async function soak(lost: readonly number[], gap: string | null): Promise<string[]> {
  const told: string[] = [];
  const observer = {
    window: async ({ index, sent }) => void told.push(`${index}: ${sent}`),
    voided: async ({ index, reason }) => void told.push(`${index}: void, ${reason}`),
  } satisfies Partial<SoakObserver> as Partial<SoakObserver> as SoakObserver;
  const proxy = {
    usage: () => ({ cpuNs: null, rssBytes: null }),
    descriptors: () => null,
  } as Partial<SeenProxy> as SeenProxy;
  const workload = { push: null, fanout: null };
  const arm = { backend: null, plan: { workload } } as unknown as PreparedArm;
  const plan = { forS: windowCount, windowS: 1 } as SoakPlan;
  const windows = new WindowQueue({ observer, arm, plan }, proxy);
  const gatherer = new WindowGatherer();
  for (let index = -1; index < windowCount; index++) {
    for (let thread = 0; thread < threads; thread++) {
      if (thread === 1 && lost.includes(index)) continue;
      // It shows in the number of the part that comes next.
      if (thread === 1 && lost.includes(index - 1) && gap !== null) windows.gap(gap);
      const whole = gatherer.add(report(index), threads);
      if (whole !== null) windows.add(whole);
    }
  }
  if (lost.includes(windowCount - 1) && gap !== null) windows.gap(gap);
  windows.end(gatherer.missingTo(windowCount));
  await windows.settled();
  return told;
}

describe("a soak's windows", () => {
  const whole = (index: number): string => `${index}: ${threads * perWindow}`;
  const gone = (index: number): string => `${index}: void, lost`;
  const rows: readonly (readonly [string, readonly number[], readonly string[]])[] = [
    ["are all told where nothing is lost", [], [0, 1, 2, 3, 4].map(whole)],
    ["are void where one is lost, with the next", [1], [whole(0), gone(1), gone(2), whole(3), whole(4)]],
    ["are void where two are lost, with the next", [1, 2], [whole(0), gone(1), gone(2), gone(3), whole(4)]],
    ["are void behind a warm-up that is lost", [-1], [gone(0), ...[1, 2, 3, 4].map(whole)]],
    ["are void where the last is lost", [4], [...[0, 1, 2, 3].map(whole), gone(4)]],
  ];
  for (const [name, lost, expected] of rows)
    it(name, async () => assert.deepEqual(await soak(lost, "lost"), expected));

  it("are all told where what is lost was of none", async () =>
    assert.deepEqual(await soak([], "lost"), [0, 1, 2, 3, 4].map(whole)));
});
