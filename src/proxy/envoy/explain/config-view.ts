/**
 * A config seen from one request: the way that it takes, and what holds there.
 */
import type { Stated } from "../../../diagnosis/quote.js";
import type { ConfigMap, ConfigNode } from "../../tree/config-node.js";
import { nodeAt, numberAt, secondsAt, textAt, typeOf } from "../language/config-node.js";
import type { WebSocketRoute } from "../route/find-web-socket.js";
import type { RouteStage } from "../route/follow-route.js";
import { mapsAt } from "../route/listeners.js";
import { quoteOf } from "./quotes.js";

export interface ConfigView {
  readonly tree: ConfigMap;
  /** What it is called in messages. */
  readonly file: string;
  /** Null for a config without a listener for TCP. */
  readonly route: WebSocketRoute | null;
  /** The one that the client meets; null with no route. */
  readonly first: RouteStage | null;
  /** The one that passes on to what is no listener of the config. */
  readonly last: RouteStage | null;
  /** What the request is passed on to; empty where it is not. */
  readonly clusters: readonly ConfigMap[];
  /** Worker threads that it runs with. */
  readonly workers: number;
}

export function viewRoute(
  tree: ConfigMap,
  route: WebSocketRoute | null,
  { file, workers }: Pick<ConfigView, "file" | "workers">,
): ConfigView {
  const stages = route?.stages ?? [];
  const last = stages.at(-1) ?? null;
  return {
    ...{ tree, file, route, last, workers },
    first: stages[0] ?? null,
    clusters: last?.end.kind === "clusters" ? last.end.clusters : [],
  };
}

/** A time that a field states, with the field; null where it is not there. */
export function statedTime(node: ConfigNode | null, name: string): Stated<number> | null {
  const value = secondsAt(node, name);
  const quote = quoteOf(node, name);
  return value === null || quote === null ? null : { value, quote };
}

export function statedNumber(node: ConfigNode | null, name: string): Stated<number> | null {
  const value = numberAt(node, name);
  const quote = quoteOf(node, name);
  return value === null || quote === null ? null : { value, quote };
}

/** HTTP filters that a WebSocket goes through: those of its upgrade where it has its own. */
export function httpFilters(stage: RouteStage): ConfigMap[] {
  const upgrade = mapsAt(stage.manager, "upgrade_configs").find(
    (one) => textAt(one, "upgrade_type")?.toLowerCase() === "websocket",
  );
  const own = mapsAt(upgrade ?? null, "filters");
  return (own.length > 0 ? own : mapsAt(stage.manager, "http_filters")).filter(
    (one) => textAt(one, "disabled") !== "true",
  );
}

/** Those of a type, by its message's name: "Buffer". */
export function filtersOfType(filters: readonly ConfigMap[], type: string): ConfigMap[] {
  return filters.filter((one) => typeOf(nodeAt(one, "typed_config")) === type);
}
