/**
 * What will stop an Apache, said before any load: its threads, and the machine's limits. How far each is true the search
 * shows. Pure.
 */
import { byForetold, type ForetoldLimit, type MachineLimits } from "../../../diagnosis/limit.js";
import { quoteWords } from "../../../diagnosis/quote.js";
import { upstreamPorts } from "../../upstream-ports.js";
import { filesPerConnection, ownFiles } from "../run/template.js";
import type { ConfigView } from "./config-view.js";
import { factsOf, isPrefork, workersOf } from "./facts.js";

export interface ForetellTerms {
  /** Of the backend that its members stand for. */
  readonly backendAddresses: number;
  /** WebSockets that wsrally made room for, where the config says nothing of it; null where it does. */
  readonly sizedTo: { readonly threads: number; readonly children: number } | null;
}

/** Ascending, what is not known last. */
export function foretellLimits(
  view: ConfigView,
  machine: MachineLimits,
  terms: ForetellTerms,
): ForetoldLimit[] {
  const found = [
    ...threads(view, terms),
    ...files(view, machine, terms),
    ...upstreamPorts(machine, terms.backendAddresses),
    ...backlog(view, machine),
  ];
  return found.sort(byForetold);
}

function threads(view: ConfigView, { sizedTo }: ForetellTerms): ForetoldLimit[] {
  const own = sizedTo === null ? null : sizedTo.threads * sizedTo.children;
  const limit =
    own === null ? workersOf(view) : { value: own, quote: { text: `MaxRequestWorkers ${own}`, place: null } };
  if (limit === null) return [];
  const { value, quote } = limit;
  const beyond = "beyond it clients connect and wait, without an answer";
  return [
    {
      name: "request-workers",
      unit: "connections",
      foretold: value,
      directive: quoteWords(quote),
      note: `${isPrefork(view) ? "a process" : "a thread"} a WebSocket; ${beyond}${own === null ? "" : "; wsrally sized it to the workload"}`,
      provenBy: ["worker-connections"],
      admission:
        own === null
          ? {
              quote,
              isCertain: true,
              letsIn: () => value,
              oneByOne: null,
              caveat: () => null,
              cure: (connections) => `MaxRequestWorkers ${connections}`,
            }
          : null,
    },
  ];
}

function files(
  view: ConfigView,
  { maxOpenFiles }: MachineLimits,
  { sizedTo }: ForetellTerms,
): ForetoldLimit[] {
  if (maxOpenFiles === null || isPrefork(view)) return [];
  const children = sizedTo?.children ?? factsOf(view).workers;
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

function backlog(view: ConfigView, { listenBacklog }: MachineLimits): ForetoldLimit[] {
  if (listenBacklog === null) return [];
  const { value, quote } = factsOf(view).backlog;
  const isSystems = listenBacklog < value;
  return [
    {
      name: "listen-backlog",
      unit: "handshakes at once",
      foretold: Math.min(value, listenBacklog),
      directive: isSystems ? `net.core.somaxconn ${listenBacklog}` : quoteWords(quote),
      note: "connections that wait to be accepted; beyond it clients wait for a SYN to be sent again",
      provenBy: [],
      admission: null,
    },
  ];
}
