/**
 * Why a request is not answered at all: held back, or cut.
 */
import { quoteAt } from "../../../diagnosis/quote.js";
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { isTrueAt, itemsAt, nodeAt, numberAt, typeOf } from "../language/config-node.js";
import type { RouteStage } from "../route/follow-route.js";
import { mapsAt } from "../route/listeners.js";
import { accessLine } from "../run/read-log-line.js";
import { type ConfigView, filtersOfType, httpFilters } from "./config-view.js";
import { explainFull } from "./explain-times.js";
import { explainUpstream } from "./explain-upstream.js";
import { breakers, listenerLimit } from "./facts.js";
import { listenerWords } from "./places.js";
import { quoteOf } from "./quotes.js";

type Unanswered = Extract<Symptom, { kind: "unanswered" }>;

export function explainUnanswered(view: ConfigView, { how, log }: Unanswered): Explanation | null {
  const { first } = view;
  if (first === null) return null;
  return how === "timeout" ? explainHeld(view, log) : cut(view, first);
}

/** Of a request that waits: until the client has had enough, or `stream_idle_timeout` ends it with a 408. */
export function explainHeld(view: ConfigView, log: Unanswered["log"]): Explanation | null {
  const buffer = bufferFilter(view);
  if (buffer !== null)
    return {
      title: "Envoy keeps the handshake to itself",
      cause: `the filter Buffer${buffer.place === null ? "" : ` at ${buffer.place.file}:${buffer.place.line}`} waits for the end of the request before it passes it on, and an upgrade has none`,
      cure: 'the upgrade\'s own filters, without it, in the HttpConnectionManager:\nupgrade_configs:\n- upgrade_type: websocket\n  filters:\n  - name: envoy.filters.http.router\n    typed_config:\n      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
      quotes: [{ text: "Buffer", place: buffer.place }],
    };
  const byLog = explainUpstream(view, 503, accessLine(log, null));
  if (byLog !== null) return byLog;
  const room = breakers(view);
  return room === null || room.quote.place === null ? null : explainFull(room, room.value);
}

/** The one that an upgrade meets, unless its route switches it off. */
export function bufferFilter({ route }: ConfigView): ConfigMap | null {
  for (const stage of route?.stages ?? []) {
    const [found] = filtersOfType(httpFilters(stage), "Buffer");
    if (found !== undefined && !isOff(stage)) return found;
  }
  return null;
}

function isOff({ route, virtualHost }: RouteStage): boolean {
  return [route, virtualHost].some((where) => {
    const settings = nodeAt(where, "typed_per_filter_config");
    return (
      settings?.kind === "map" &&
      settings.entries.some(({ value }) => typeOf(value) === "BufferPerRoute" && isTrueAt(value, "disabled"))
    );
  });
}

function cut(view: ConfigView, { listener, chain }: RouteStage): Explanation | null {
  if (chain === null) {
    const names = mapsAt(listener, "filter_chains").flatMap((one) =>
      itemsAt(one, "filter_chain_match", "server_names").map((item) =>
        item.kind === "scalar" ? String(item.value) : "",
      ),
    );
    return {
      cause: `no filter chain of ${listenerWords(listener)} takes this client${names.length === 0 ? "" : ` (they are for ${names.join(", ")})`}, and it has no \`default_filter_chain\`: Envoy closes the connection`,
      cure: "a filter chain without `filter_chain_match`, or with the name that clients ask for",
      quotes: [{ text: "filter_chains", place: listener.place }],
    };
  }
  const limit = listenerLimit(view);
  if (limit !== null)
    return {
      cause: `${quoteAt(limit.quote)} of the filter connection_limit closes what comes beyond it without an answer`,
      cure: "max_connections: NUMBER",
      quotes: [limit.quote],
    };
  const [rule] = ["RBAC", "LocalRateLimit"].flatMap((type) => filtersOfType(mapsAt(chain, "filters"), type));
  if (rule !== undefined) {
    const type = typeOf(nodeAt(rule, "typed_config")) ?? "";
    return {
      cause: `the network filter ${type}${rule.place === null ? "" : ` at ${rule.place.file}:${rule.place.line}`} closes connections that it does not let in, without an answer`,
      cure: type === "RBAC" ? "a policy that lets the client in" : "more tokens",
      quotes: [{ text: type, place: rule.place }],
    };
  }
  return overload(view);
}

/** The resource monitor that limits a whole Envoy's connections. */
function overload({ tree }: ConfigView): Explanation | null {
  for (const monitor of mapsAt(tree, "overload_manager", "resource_monitors")) {
    const config = nodeAt(monitor, "typed_config");
    const quote = quoteOf(config, "max_active_downstream_connections");
    if (quote === null || numberAt(config, "max_active_downstream_connections") === null) continue;
    return {
      cause: `${quoteAt(quote)}: beyond it Envoy closes every new connection without an answer`,
      cure: "max_active_downstream_connections: NUMBER",
      quotes: [quote],
    };
  }
  return null;
}
