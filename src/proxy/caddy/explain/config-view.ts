/**
 * A config seen from one request: the site, what it meets there, and the proxy that it comes to.
 */
import { availableParallelism } from "node:os";
import { placeWords, type Quote, type Stated } from "../../../diagnosis/quote.js";
import {
  type ConfigTree,
  type Directive,
  directiveText,
  lineNamed,
  secondsOf,
} from "../language/config-tree.js";
import type { WebSocketRoute } from "../route/find-web-socket.js";

export interface ConfigView {
  readonly tree: ConfigTree;
  /** Null for a config without a site. */
  readonly route: WebSocketRoute | null;
  /** The `reverse_proxy` that the request comes to; null where it comes to none. */
  readonly proxy: Directive | null;
  /** Processors that it keeps busy. */
  readonly workers: number;
  readonly isJson: boolean;
}

interface Seen {
  readonly tree: ConfigTree;
  readonly route: WebSocketRoute | null;
  readonly isJson: boolean;
  /** Null: as many as there are. A run that places it gives it one, as it does others. */
  readonly workers: number | null;
}

export function viewRoute({ tree, route, isJson, workers }: Seen): ConfigView {
  const end = route?.followed.end;
  return {
    tree,
    route,
    proxy: end?.kind === "proxy" ? end.line : null,
    workers: workers ?? availableParallelism(),
    isJson,
  };
}

export function quoteOf(line: Directive): Quote {
  return { text: directiveText(line), place: line.place };
}

/** "`respond /ws 404` at Caddyfile:12" */
export function written(line: Directive): string {
  return `\`${directiveText(line)}\` at ${placeWords(line.place)}`;
}

/** Of the proxy's block or of its transport; null where it is not set, or has no value that is a time. */
export function timeOf(
  view: ConfigView,
  name: string,
): (Stated<number> & { readonly line: Directive }) | null {
  if (view.proxy === null) return null;
  const transport = lineNamed(view.proxy, "transport");
  const line = lineNamed(view.proxy, name) ?? (transport === null ? null : lineNamed(transport, name));
  const value = line === null ? null : secondsOf(line.args[0]?.text ?? "");
  return line === null || value === null || value === 0 ? null : { value, quote: quoteOf(line), line };
}

/** "30s", "1h": as short as it is exact. */
export function timeWords(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600}h`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60}m`;
  return seconds < 1 ? `${Math.round(seconds * 1000)}ms` : `${Math.round(seconds * 1000) / 1000}s`;
}
