/**
 * What a config says of times, room and limits where a WebSocket goes through it.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import { type Quote, quoteAt, type Stated } from "../../../diagnosis/quote.js";
import { type Node, quoteOf } from "../language/config-tree.js";
import { filesPerConnection } from "../run/template.js";
import { type ConfigView, loadedModules, mainLine, membersOf, numberOf } from "./config-view.js";

/** Of httpd 2.4. */
const defaults = { timeoutS: 60, threads: 25, children: 16, processes: 256, backlog: 511 };

export function factsOf(view: ConfigView): ConfigFacts {
  const { threads, children } = sizesOf(view);
  const limit = workersOf(view);
  return {
    workers: isPrefork(view)
      ? (limit?.value ?? children)
      : Math.max(1, Math.ceil((limit?.value ?? threads) / threads)),
    idleS: idle(view),
    shutdownS: { value: null, quote: words("a child that ends after a reload waits for its WebSockets") },
    room: roomOf(view),
    connectionLimit: null,
    handshakeLimit: null,
    backlog: backlogOf(view),
    filesPerConnection,
  };
}

export function isPrefork(view: ConfigView): boolean {
  return loadedModules(view).has("mpm_prefork");
}

interface Time {
  readonly seconds: number;
  readonly quote: Quote;
}

/** The larger of the client's and the backend's time counts; a parameter of the backend stands before ProxyTimeout. */
export function idle(view: ConfigView): Stated<number | null> {
  const [client, backend] = idleTimes(view);
  const longer = backend !== null && backend.seconds > client.seconds ? backend : client;
  return { value: longer.seconds, quote: longer.quote };
}

/** Both of them; null where the backend has none of its own, and the client's counts for it. */
export function idleTimes(view: ConfigView): readonly [client: Time, backend: Time | null] {
  const line = serverLine(view, "timeout");
  const seconds = numberOf(line);
  const client =
    line === null || seconds === null
      ? {
          seconds: defaults.timeoutS,
          quote: words(`\`Timeout\` is not set: ${defaults.timeoutS} s by default`),
        }
      : { seconds, quote: quoteOf(line) };
  const [member] = membersOf(view);
  const own = /^\d+/.exec(member?.parameters.get("timeout") ?? "")?.[0];
  if (member !== undefined && own !== undefined)
    return [client, { seconds: Number(own), quote: quoteOf(member.node) }];
  const proxy = serverLine(view, "proxytimeout");
  const time = numberOf(proxy);
  return [client, proxy === null || time === null ? null : { seconds: time, quote: quoteOf(proxy) }];
}

/** Of the virtual host, else of the main server: it stands in no Location. */
function serverLine(view: ConfigView, key: string): Node | null {
  const servers = view.route?.scopes.servers ?? [view.tree];
  return (
    [...servers].reverse().flatMap((nodes) => nodes.findLast((node) => node.key === key) ?? [])[0] ?? null
  );
}

interface Sizes {
  readonly threads: number;
  readonly children: number;
}

function sizesOf(view: ConfigView): Sizes {
  const threads = isPrefork(view) ? 1 : (numberOf(mainLine(view, "threadsperchild")) ?? defaults.threads);
  const fallback = isPrefork(view) ? defaults.processes : defaults.children;
  return { threads: Math.max(1, threads), children: numberOf(mainLine(view, "serverlimit")) ?? fallback };
}

const roomKeys = ["maxrequestworkers", "maxclients"] as const;

/** As many as there may be at once, whole children only. Null for a part that does not say. */
export function workersOf(view: ConfigView): Stated<number> | null {
  const line = mainLine(view, ...roomKeys);
  const isSaid = line !== null || mainLine(view, "serverlimit", "threadsperchild") !== null;
  if (view.isPart && !isSaid) return null;
  const { threads, children } = sizesOf(view);
  const most = threads * children;
  const wanted = numberOf(line);
  const limit = mainLine(view, "serverlimit");
  if (wanted !== null && line !== null && wanted <= most)
    return { value: Math.max(threads, wanted - (wanted % threads)), quote: quoteOf(line) };
  const quote =
    limit !== null ? quoteOf(limit) : words(`\`MaxRequestWorkers\` is not set: ${most} by default`);
  return { value: most, quote: line !== null && limit === null ? quoteOf(line) : quote };
}

function roomOf(view: ConfigView): ConfigFacts["room"] {
  const limit = workersOf(view);
  if (limit === null) return null;
  const what = isPrefork(view) ? "a process" : "a thread";
  return {
    ...limit,
    oneByOne: limit.value,
    parts: 1,
    words: [`config: ${quoteAt(limit.quote)}: ${what} for each WebSocket, as long as it is open`],
  };
}

function backlogOf(view: ConfigView): Stated<number> {
  const line = mainLine(view, "listenbacklog");
  const value = numberOf(line);
  return line === null || value === null
    ? {
        value: defaults.backlog,
        quote: words(`\`ListenBacklog\` is not set: ${defaults.backlog} by default`),
      }
    : { value, quote: quoteOf(line) };
}

function words(text: string): Quote {
  return { text, place: null };
}
