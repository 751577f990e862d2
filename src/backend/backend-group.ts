/**
 * Several backend processes as one backend, where one may not have as many open files as there are connections.
 */
import type { ProcessGuard } from "../base/owned-process.js";
import { mergeBackendCounts } from "./backend-counts.js";
import { type Backend, startBackendProcess } from "./backend-process.js";
import type { BackendReport } from "./messages.js";
import type { PongServerOptions } from "./pong-server.js";
import { sharedPush } from "./share-pushes.js";

/**
 * @param processes each listens on ports of its own
 * @throws EnvironmentError when one of them ends, or cannot listen
 */
export async function startBackendGroup(
  guard: ProcessGuard,
  options: PongServerOptions,
  processes: number,
): Promise<Backend> {
  const members: Backend[] = [];
  try {
    for (let index = 0; index < processes; index++) members.push(await startBackendProcess(guard, options));
  } catch (thrown) {
    await Promise.all(members.map((member) => member.stop()));
    throw thrown;
  }
  return joinedBackends(members);
}

/** As one. @param members one at least */
export function joinedBackends(members: readonly Backend[]): Backend {
  const [first] = members;
  if (first === undefined) throw new RangeError("A backend needs a process");
  const ask = async (question: "report" | "reset"): Promise<BackendReport> =>
    mergeBackendReports(await Promise.all(members.map((member) => member[question]())));
  return {
    pids: members.flatMap(({ pids }) => pids),
    engine: members.every(({ engine }) => engine === first.engine) ? first.engine : "ws",
    sharesClock: members.every(({ sharesClock }) => sharesClock),
    goesDown: members.every(({ goesDown }) => goesDown),
    host: first.host,
    port: first.port,
    ports: members.flatMap(({ ports }) => ports),
    report: () => ask("report"),
    reset: () => ask("reset"),
    async take(posture) {
      await Promise.all(members.map((member) => member.take(posture)));
    },
    push: sharedPush(members),
    async stop() {
      await Promise.all(members.map((member) => member.stop()));
    },
  };
}

/** What several have used and counted, as one. */
export function mergeBackendReports(reports: readonly BackendReport[]): BackendReport {
  const sum = (pick: (report: BackendReport) => number): number =>
    reports.reduce((total, report) => total + pick(report), 0);
  return {
    engine: reports[0]?.engine ?? null,
    counts: mergeBackendCounts(reports.flatMap(({ counts }) => (counts === null ? [] : [counts]))),
    cpuNs: sum(({ cpuNs }) => cpuNs),
    standstillNs: Math.max(...reports.map(({ standstillNs }) => standstillNs)),
    atNs: Math.max(...reports.map(({ atNs }) => atNs)),
    loop: reports.some(({ loop }) => loop === null)
      ? null
      : { waits: sum(({ loop }) => loop?.waits ?? 0), events: sum(({ loop }) => loop?.events ?? 0) },
  };
}
