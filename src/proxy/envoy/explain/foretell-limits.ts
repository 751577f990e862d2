/**
 * What will stop an Envoy, said before any load: from its config as it runs here and from this machine's limits. How far
 * each is true the search shows. Pure.
 */
import {
  type Admission,
  byForetold,
  type ForetoldLimit,
  type LimitName,
  type MachineLimits,
} from "../../../diagnosis/limit.js";
import { type Quote, quoteWords, type Stated } from "../../../diagnosis/quote.js";
import { upstreamPorts } from "../../upstream-ports.js";
import { filesPerConnection, ownFiles } from "../run/template.js";
import type { ConfigView } from "./config-view.js";
import { breakers, factsOf, listenerLimit } from "./facts.js";
import { clusterWords } from "./places.js";

export interface ForetellTerms {
  /** Addresses of the backend that its endpoints stand for. */
  readonly backendAddresses: number;
  /** wsrally's own config grows with the workload where its user sets nothing else. */
  readonly isSized: boolean;
}

/** Ascending, what is not known last. */
export function foretellLimits(
  view: ConfigView,
  machine: MachineLimits,
  terms: ForetellTerms,
): ForetoldLimit[] {
  const found = [
    ...circuitBreakers(view, terms),
    ...connectionLimit(view),
    ...files(machine),
    ...upstreamPorts(machine, terms.backendAddresses),
    backlog(view, machine),
  ];
  return found.sort(byForetold);
}

/** So many and no more, however they come. */
function limitOf(
  name: LimitName,
  { value, quote }: Stated<number>,
  note: string,
  cure: Admission["cure"],
  isOurs = false,
): ForetoldLimit {
  return {
    name,
    unit: "connections",
    foretold: value,
    directive: quoteWords(quote),
    note,
    provenBy: name === "circuit-breaker" ? ["limit-conn"] : [],
    admission: isOurs ? null : admission(value, quote, cure),
  };
}

function admission(value: number, quote: Quote, cure: Admission["cure"]): Admission {
  return { quote, isCertain: true, letsIn: () => value, oneByOne: value, caveat: () => null, cure };
}

function circuitBreakers(view: ConfigView, { isSized }: ForetellTerms): ForetoldLimit[] {
  const room = breakers(view);
  if (room === null) return [];
  const end =
    room.name === "max_requests"
      ? "beyond it clients are answered with 503"
      : "beyond it clients wait without an answer";
  const sized = isSized ? "; wsrally sized it to the workload" : "";
  const note = `one a WebSocket of ${clusterWords(room.cluster)}; ${end}${sized}`;
  return [
    limitOf(
      "circuit-breaker",
      room,
      note,
      (count) => `max_connections: ${count}, max_requests: ${count}`,
      isSized,
    ),
  ];
}

function connectionLimit(view: ConfigView): ForetoldLimit[] {
  const limit = listenerLimit(view);
  if (limit === null) return [];
  return [
    limitOf(
      "limit-conn",
      limit,
      "one a WebSocket of the listener; beyond it Envoy closes without an answer",
      (count) => `max_connections: ${count}`,
    ),
  ];
}

/** Envoy raises its soft limit to the hard one by itself. */
function files({ maxOpenFiles }: MachineLimits): ForetoldLimit[] {
  if (maxOpenFiles === null) return [];
  return [
    {
      name: "proxy-descriptors",
      unit: "connections",
      foretold: Math.max(0, Math.floor((maxOpenFiles - ownFiles) / filesPerConnection)),
      directive: `ulimit -n ${maxOpenFiles}`,
      note: `${filesPerConnection} open files a WebSocket in the one process that all workers share`,
      provenBy: ["no-descriptors"],
      admission: null,
    },
  ];
}

function backlog(view: ConfigView, { listenBacklog }: MachineLimits): ForetoldLimit {
  const { value, quote } = factsOf(view).backlog;
  const isKernels = listenBacklog !== null && (quote.place === null || listenBacklog < value);
  return {
    name: "listen-backlog",
    unit: "handshakes at once",
    foretold: isKernels ? listenBacklog : value,
    directive: isKernels ? `net.core.somaxconn ${listenBacklog}` : quoteWords(quote),
    note: "connections that wait to be accepted; beyond it clients wait for a SYN to be sent again",
    provenBy: [],
    admission: null,
  };
}
