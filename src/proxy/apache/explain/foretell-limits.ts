/**
 * What will stop an Apache, said before any load: its threads, and the machine's limits. How far each is true the search
 * shows. Pure.
 */
import { byForetold, type ForetoldLimit, type MachineLimits } from "../../../diagnosis/limit.js";
import { upstreamPorts } from "../../upstream-ports.js";
import { filesPerConnection, ownFiles, sizeFor } from "../run/template.js";
import { type BuiltIn, factsOf, requestWorkers } from "./facts.js";

/**
 * Ascending, what is not known last.
 * @param backendAddresses of the backend that its members stand for
 */
export function foretellLimits(
  view: BuiltIn,
  machine: MachineLimits,
  backendAddresses: number,
): ForetoldLimit[] {
  const found = [
    threads(view),
    ...files(view, machine),
    ...upstreamPorts(machine, backendAddresses),
    ...backlog(view, machine),
  ];
  return found.sort(byForetold);
}

function threads(view: BuiltIn): ForetoldLimit {
  const { value, quote } = requestWorkers(view);
  const isSet = view.settings.at("mpm").has("MaxRequestWorkers");
  const beyond = "beyond it clients connect and wait, without an answer";
  return {
    name: "request-workers",
    unit: "connections",
    foretold: value,
    directive: quote.text,
    note: `a thread a WebSocket; ${beyond}${isSet ? "" : "; wsrally sized it to the workload"}`,
    provenBy: ["worker-connections"],
    admission: isSet
      ? {
          quote,
          isCertain: true,
          letsIn: () => value,
          oneByOne: null,
          caveat: () => null,
          cure: (connections) => `MaxRequestWorkers ${connections}`,
        }
      : null,
  };
}

function files({ connections, settings }: BuiltIn, { maxOpenFiles }: MachineLimits): ForetoldLimit[] {
  if (maxOpenFiles === null) return [];
  const { children } = sizeFor(connections, settings);
  return [
    {
      name: "proxy-descriptors",
      unit: "connections",
      foretold: children * Math.max(0, Math.floor((maxOpenFiles - ownFiles) / filesPerConnection)),
      directive: `ulimit -n ${maxOpenFiles}`,
      note: `${filesPerConnection} open files a WebSocket in each of ${children} child processes`,
      provenBy: ["no-descriptors"],
      admission: null,
    },
  ];
}

function backlog(view: BuiltIn, { listenBacklog }: MachineLimits): ForetoldLimit[] {
  if (listenBacklog === null) return [];
  const { value, quote } = factsOf(view).backlog;
  const isSystems = listenBacklog < value;
  return [
    {
      name: "listen-backlog",
      unit: "handshakes at once",
      foretold: Math.min(value, listenBacklog),
      directive: isSystems ? `net.core.somaxconn ${listenBacklog}` : quote.text,
      note: "connections that wait to be accepted; beyond it clients wait for a SYN to be sent again",
      provenBy: [],
      admission: null,
    },
  ];
}
