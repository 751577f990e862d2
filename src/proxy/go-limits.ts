/**
 * What will stop a proxy that is written in Go, where its config sets no number of connections: the machine's limits. How far
 * each is true the search shows. Pure.
 */
import { byForetold, type ForetoldLimit, type MachineLimits } from "../diagnosis/limit.js";
import type { Quote } from "../diagnosis/quote.js";
import type { PlannedLoad } from "./driver.js";
import { upstreamPorts } from "./upstream-ports.js";

/** Open files of the one process. */
interface GoFiles {
  readonly filesPerConnection: number;
  /** Those it has without any connection. */
  readonly ownFiles: number;
}

/** The most that listen(2) takes: Go asks for what net.core.somaxconn says. */
export const goBacklog = 65_535;

/**
 * Ascending, what is not known last.
 * @param backendAddresses of the backend that its upstreams stand for
 */
export function goLimits(machine: MachineLimits, files: GoFiles, backendAddresses: number): ForetoldLimit[] {
  const found = [
    ...openFiles(machine, files),
    ...upstreamPorts(machine, backendAddresses),
    ...backlog(machine),
  ];
  return found.sort(byForetold);
}

/** Go raises its own limit to the hard one. */
function openFiles(
  { maxOpenFiles }: MachineLimits,
  { filesPerConnection, ownFiles }: GoFiles,
): ForetoldLimit[] {
  if (maxOpenFiles === null) return [];
  return [
    {
      name: "proxy-descriptors",
      unit: "connections",
      foretold: Math.max(0, Math.floor((maxOpenFiles - ownFiles) / filesPerConnection)),
      directive: `ulimit -Hn ${maxOpenFiles}`,
      note: `${filesPerConnection} open files a WebSocket in the one process`,
      provenBy: ["no-descriptors"],
      admission: null,
    },
  ];
}

function backlog({ listenBacklog }: MachineLimits): ForetoldLimit[] {
  if (listenBacklog === null) return [];
  return [
    {
      name: "listen-backlog",
      unit: "handshakes at once",
      foretold: listenBacklog,
      directive: `net.core.somaxconn ${listenBacklog}`,
      note: "connections that wait to be accepted; beyond it clients wait for a SYN to be sent again",
      provenBy: [],
      admission: null,
    },
  ];
}

/** Room beyond what was measured: clients that come back before the old ones are gone. */
const reserve = 1.1;

/** What a load needs, from what was measured: the config has no size to set, the process has. */
export function goPlan(
  { connections, workers }: PlannedLoad,
  { filesPerConnection, ownFiles }: GoFiles,
): readonly Quote[] {
  const files = Math.ceil(connections * reserve) * filesPerConnection + ownFiles;
  const lines = [`GOMAXPROCS=${workers}`, `ulimit -n ${files}`];
  return lines.map((text) => ({ text, place: null }));
}
