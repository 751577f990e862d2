/**
 * What will stop a Caddy, said before any load: its config sets no number of connections, so it is the machine's limits.
 * How far each is true the search shows. Pure.
 */
import { byForetold, type ForetoldLimit, type MachineLimits } from "../../../diagnosis/limit.js";
import { upstreamPorts } from "../../upstream-ports.js";
import { filesPerConnection, ownFiles } from "../run/template.js";

/**
 * Ascending, what is not known last.
 * @param backendAddresses of the backend that its upstreams stand for
 */
export function foretellLimits(machine: MachineLimits, backendAddresses: number): ForetoldLimit[] {
  const found = [...files(machine), ...upstreamPorts(machine, backendAddresses), ...backlog(machine)];
  return found.sort(byForetold);
}

/** Go raises its own limit to the hard one. */
function files({ maxOpenFiles }: MachineLimits): ForetoldLimit[] {
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
