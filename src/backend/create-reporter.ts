/** What a server's process tells of itself. */
import { monotonicClock } from "../base/clock.js";
import { StandstillWatch } from "../base/standstill-watch.js";
import type { BackendReport } from "./messages.js";
import type { PongServer } from "./pong-server.js";

/** @param find the server; null before it listens */
export function createReporter(find: () => PongServer | null): () => BackendReport {
  const standstill = new StandstillWatch();
  return () => {
    const server = find();
    const { user, system } = process.cpuUsage();
    return {
      engine: server?.engine ?? null,
      counts: server?.counts() ?? null,
      cpuNs: (user + system) * 1000,
      standstillNs: standstill.take(),
      atNs: monotonicClock.now(),
      loop: server?.loop() ?? null,
    };
  };
}
