/**
 * What will stop an HAProxy, said before any load: from its config as it runs here and from this machine's limits. How far
 * each is true the search shows. Pure.
 */
import {
  type Admission,
  byForetold,
  type ForetoldLimit,
  type LimitName,
  type MachineLimits,
} from "../../../diagnosis/limit.js";
import { type Quote, quoteWords } from "../../../diagnosis/quote.js";
import { upstreamPorts } from "../../upstream-ports.js";
import { ownFiles } from "../run/template.js";
import { type ConfigView, serverParameter } from "./config-view.js";
import { factsOf, frontendRoom, processRoom, serverRoom } from "./facts.js";

export interface ForetellTerms {
  /** Addresses of the backend that its servers stand for. */
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
    ...maxconns(view, terms),
    ...files(view, machine),
    ...ports(view, machine, terms),
    ...clients(view),
    backlog(view, machine),
  ];
  return found.sort(byForetold);
}

function maxconns(view: ConfigView, { isSized }: ForetellTerms): ForetoldLimit[] {
  const whole = processRoom(view);
  const front = frontendRoom(view);
  const back = serverRoom(view);
  const beyond = "beyond it clients wait in the kernel's backlog, without an answer";
  const sized = isSized ? "; wsrally sized it to the workload" : "";
  const limit = (name: LimitName, room: typeof whole, note: string): ForetoldLimit[] =>
    room === null
      ? []
      : [
          {
            name,
            unit: "connections",
            foretold: room.value,
            directive: quoteWords(room.quote),
            note,
            provenBy: name === "server-maxconn" ? ["queue-timeout"] : [],
            admission:
              isSized && name === "maxconn"
                ? null
                : admission(room.value, room.quote, (count) => `maxconn ${count}`),
          },
        ];
  return [
    ...limit("maxconn", whole, `one a WebSocket in the whole process; ${beyond}${sized}`),
    ...limit("frontend-maxconn", front, `one a WebSocket in the frontend; ${beyond}`),
    ...limit(
      "server-maxconn",
      back,
      "one a WebSocket; beyond it requests wait in a queue, and are answered with 503 after `timeout queue`",
    ),
  ];
}

/** Without `maxconn` HAProxy makes it of the open files that it may have. */
function files(view: ConfigView, { maxOpenFiles }: MachineLimits): ForetoldLimit[] {
  const written = Number(globalWord(view, "ulimit-n") ?? Number.NaN);
  const known = [written, maxOpenFiles ?? Number.NaN].filter((count) => count > 0);
  if (known.length === 0) return [];
  const most = Math.min(...known);
  const { filesPerConnection } = factsOf(view);
  const asked = processRoom(view) === null ? "; `maxconn` is not set, and HAProxy takes it from this" : "";
  return [
    {
      name: "proxy-descriptors",
      unit: "connections",
      foretold: Math.max(0, Math.floor((most - ownFiles) / filesPerConnection)),
      directive: most === written ? `ulimit-n ${most}` : `ulimit -n ${most}`,
      note: `${filesPerConnection} open files a WebSocket in the one process that all threads share${asked}`,
      provenBy: ["no-descriptors"],
      admission: null,
    },
  ];
}

function globalWord({ tree }: ConfigView, name: string): string | null {
  const lines = tree.filter(({ kind }) => kind === "global").flatMap((section) => section.lines);
  return lines.findLast((line) => line.name === name)?.args[0] ?? null;
}

/** From each address that `source` names to each address of the backend. */
function ports(
  view: ConfigView,
  machine: MachineLimits,
  { backendAddresses }: ForetellTerms,
): ForetoldLimit[] {
  const sources = new Set(view.servers.map((server) => serverParameter(view, server, "source")?.value ?? ""));
  return upstreamPorts(machine, backendAddresses * Math.max(1, sources.size));
}

/** So many and no more, however they come. */
function admission(value: number, quote: Quote, cure: Admission["cure"]): Admission {
  return {
    quote,
    isCertain: true,
    letsIn: () => value,
    oneByOne: value,
    caveat: () => null,
    cure,
  };
}

function clients(view: ConfigView): ForetoldLimit[] {
  const { connectionLimit } = factsOf(view);
  if (connectionLimit === null) return [];
  return [
    {
      name: "limit-conn",
      unit: "connections",
      foretold: connectionLimit.value,
      directive: quoteWords(connectionLimit.quote),
      note: `for each ${connectionLimit.by}: all of the generator's connections share one address, as users behind one NAT do`,
      provenBy: ["access-denied"],
      admission: admission(connectionLimit.value, connectionLimit.quote, (count) => `gt ${count}`),
    },
  ];
}

function backlog(view: ConfigView, { listenBacklog }: MachineLimits): ForetoldLimit {
  const { value, quote } = factsOf(view).backlog;
  const isKernels = listenBacklog !== null && listenBacklog < value;
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
