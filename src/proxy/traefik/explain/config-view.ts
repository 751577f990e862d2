/**
 * A config as its explanations look at it: which way the WebSocket takes, and what it meets there.
 */

import type { Quote } from "../../../diagnosis/quote.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import type { ConfigNode } from "../../tree/config-node.js";
import { quoteEntry } from "../../tree/quote-entry.js";
import { entryOf } from "../language/fields.js";
import type { ReadConfig } from "../language/read-config.js";
import { findWebSocket, type WebSocketRoute } from "../route/find-web-socket.js";
import type { Middleware, Way } from "../route/follow-route.js";

export interface ConfigView {
  readonly read: ReadConfig;
  /** Null for a config without a router. */
  readonly route: WebSocketRoute | null;
  /** What takes the request; the way that is meant for it where nothing does. */
  readonly way: Way | null;
}

export interface Seen {
  readonly path: string | null;
  /** A router's, a service's or an entry point's name, or a host; null for the one that carries WebSockets. */
  readonly serverName: string | null;
}

/** @throws UsageError for a name that is not there */
export function viewConfig(read: ReadConfig, seen: Seen): ConfigView {
  const route = findWebSocket(read, seen, read.file);
  return { read, route, way: route?.way ?? route?.meant ?? null };
}

/** `amount: 10`; null where the field is not there. */
export function quoteOf(node: ConfigNode | null, name: string): Quote | null {
  const entry = entryOf(node, name);
  return entry === null ? null : quoteEntry(entry);
}

/** The same within a sentence: "`amount: 10` at site.yml:12". */
export function written(node: ConfigNode | null, name: string): string {
  const quote = quoteOf(node, name);
  return quote === null ? `\`${name}\`` : quoteAt(quote);
}

export function byDefault(text: string): Quote {
  return { text, place: null };
}

/** Middlewares on the way, of these types, in small letters. */
export function middlewaresOfType(
  { way }: Pick<ConfigView, "way">,
  ...types: readonly string[]
): Middleware[] {
  return (way?.middlewares ?? []).filter(({ type }) => types.includes(type));
}
