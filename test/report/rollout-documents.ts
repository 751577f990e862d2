/** Rollouts made by hand: a reload that cuts all, one that cuts none, and clients that do not come back. */
import type { Rollout } from "#wsrally/results/rollout-schema.js";
import { type RunDocument, runDocumentSchema } from "#wsrally/results/run-document.js";
import { makeDocument } from "./run-documents.js";

export function makeRollout(changes: Partial<Rollout> = {}): Rollout {
  const isDown = (atMs: number): boolean => atMs >= 2000 && atMs < 2300;
  return {
    arm: "nginx",
    event: "reload",
    block: 0,
    reconnect: "at-once",
    atMs: 2000,
    eventsMs: [0],
    watchedMs: 3500,
    clients: 2000,
    lost: {
      count: 2000,
      byEnding: [
        { kind: "eof", side: "proxy", closeCode: null, count: 1996, cause: "the backend did not end it" },
        { kind: "reset", side: "proxy", closeCode: null, count: 4, cause: "the backend did not end it" },
      ],
    },
    lostMs: { first: 2010, last: 2080 },
    repliesLost: 54,
    downMs: { p50: 211, p99: 344, max: 350 },
    reconnects: { tries: 2000, failedTries: 0, worstPer100Ms: 1530, allBackAfterMs: 2780, notBack: 0 },
    latencyUs: {
      before: { p50: 200, p99: 900 },
      during: { p50: 400, p99: 50_000 },
      after: { p50: 210, p99: 950 },
    },
    slow: { aboveUs: 20_000, forMs: 800 },
    proxy: {
      processesBefore: 2,
      processesMost: 3,
      processesAfter: 2,
      oldProcessesLeft: 0,
      rssBytesBefore: 46e6,
      rssBytesMost: 49e6,
      rssBytesAfter: 46e6,
    },
    traffic: {
      messages: { sent: 9054, received: 9000 },
      connections: { requested: 2000, opened: 4000, failed: 0 },
      failures: [],
    },
    series: Array.from({ length: 55 }, (_, i) => {
      const atMs = i * 100 - 2000;
      return {
        atMs,
        open: isDown(atMs) ? 400 : 2000,
        reconnects: isDown(atMs) ? 600 : 0,
        p50: 200,
        p99: isDown(atMs) ? 50_000 : 900,
        processes: atMs >= 0 && atMs < 2000 ? 3 : 2,
        oldProcesses: atMs < 2000 ? 1 : 0,
        rssBytes: 46e6,
      };
    }),
    ...changes,
  };
}

export const quiet: Partial<Rollout> = {
  arm: "haproxy",
  lost: { count: 0, byEnding: [] },
  lostMs: null,
  repliesLost: 0,
  downMs: null,
  reconnects: { tries: 0, failedTries: 0, worstPer100Ms: 0, allBackAfterMs: null, notBack: 0 },
  slow: { aboveUs: 20_000, forMs: 0 },
};

export const gone: Partial<Rollout> = {
  arm: "caddy",
  reconnects: { tries: 5000, failedTries: 4990, worstPer100Ms: 900, allBackAfterMs: null, notBack: 1990 },
};

/** Held to the schema, as a stored one is. */
export function rolloutDocument(rollouts: readonly Rollout[]): RunDocument {
  return runDocumentSchema.parse({ ...makeDocument({ arms: [], comparisons: [] }), rollouts });
}
