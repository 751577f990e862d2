/**
 * What the built-in Apache config says of times and room where a WebSocket goes through it.
 */
import type { ConfigFacts } from "../../../diagnosis/config-facts.js";
import type { Quote, Stated } from "../../../diagnosis/quote.js";
import type { ApacheSettings } from "../run/settings.js";
import { filesPerConnection, sizeFor } from "../run/template.js";

export interface BuiltIn {
  readonly settings: ApacheSettings;
  /** That it was sized for. */
  readonly connections: number;
}

/** WebSockets that there are threads for, one each. */
export function requestWorkers({ settings, connections }: BuiltIn): Stated<number> {
  const { threads, children } = sizeFor(connections, settings);
  const value = threads * children;
  return { value, quote: words(`MaxRequestWorkers ${value}`) };
}

export function factsOf(view: BuiltIn): ConfigFacts {
  const { settings, connections } = view;
  const workers = requestWorkers(view);
  return {
    workers: sizeFor(connections, settings).children,
    idleS: idleOf(settings),
    shutdownS: { value: null, quote: words("a child that ends after a reload waits for its WebSockets") },
    room: {
      ...workers,
      oneByOne: workers.value,
      parts: 1,
      words: ["a thread for each WebSocket, as long as it is open"],
    },
    connectionLimit: null,
    handshakeLimit: null,
    backlog: backlogOf(settings),
    filesPerConnection,
  };
}

/** The larger of the two ends a quiet WebSocket; a parameter of the backend stands before ProxyTimeout. */
function idleOf(settings: ApacheSettings): Stated<number | null> {
  const server = settings.at("server");
  const timeout = server.get("Timeout") ?? "3600";
  const towards = settings.at("member").get("timeout");
  const proxy = towards === undefined ? server.get("ProxyTimeout") : towards;
  const value = Math.max(Number(timeout), Number(proxy ?? 0));
  const isProxys = Number(proxy ?? 0) === value;
  const name = towards === undefined ? "ProxyTimeout " : "ProxyPass timeout=";
  return { value, quote: words(isProxys ? `${name}${proxy}` : `Timeout ${timeout}`) };
}

function backlogOf(settings: ApacheSettings): Stated<number> {
  const value = Number(settings.at("mpm").get("ListenBacklog") ?? 65_535);
  return { value, quote: words(`ListenBacklog ${value}`) };
}

function words(text: string): Quote {
  return { text, place: null };
}
