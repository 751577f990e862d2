/**
 * What a config says of times, room and limits where a WebSocket goes through it.
 */
import type { ConfigFacts, HandshakeLimit, KeyedLimit } from "../../../diagnosis/config-facts.js";
import { quoteAt, type Stated } from "../../../diagnosis/quote.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { nodeAt, numberAt, secondsAt, textAt, typeOf } from "../language/config-node.js";
import type { RouteStage } from "../route/follow-route.js";
import { mapsAt } from "../route/listeners.js";
import { filesPerConnection } from "../run/template.js";
import { type ConfigView, filtersOfType, httpFilters, statedNumber, statedTime } from "./config-view.js";
import { defaultQuote, quoteOf } from "./quotes.js";

export function factsOf(view: ConfigView): ConfigFacts {
  return {
    workers: view.workers,
    idleS: idle(view),
    shutdownS: {
      value: null,
      quote: defaultQuote(
        "Envoy reads no config again: whoever replaces the process decides how long the old one stays",
      ),
    },
    room: room(view),
    connectionLimit: connectionLimit(view),
    handshakeLimit: handshakeLimit(view),
    backlog: backlog(view),
    filesPerConnection,
  };
}

const defaultStreamIdleS = 300;
const defaultTcpIdleS = 3600;

/** After 0, which is none. */
function orNever(time: Stated<number> | null): Stated<number | null> | null {
  return time === null ? null : time.value === 0 ? { value: null, quote: time.quote } : time;
}

/** A route's `idle_timeout` goes before its listener's `stream_idle_timeout`, which is 5 min where nothing says so. */
function stageIdle({ manager, action, tcp }: RouteStage): Stated<number | null> {
  if (tcp !== null) {
    return (
      orNever(statedTime(tcp, "idle_timeout")) ?? {
        value: defaultTcpIdleS,
        quote: defaultQuote("`idle_timeout` of tcp_proxy is not set: 1 h"),
      }
    );
  }
  return (
    orNever(statedTime(action, "idle_timeout")) ??
    orNever(statedTime(manager, "stream_idle_timeout")) ?? {
      value: manager === null ? null : defaultStreamIdleS,
      quote: defaultQuote("`stream_idle_timeout` is not set: 5 min"),
    }
  );
}

/** The shortest on the way. */
export function idle({ route }: ConfigView): Stated<number | null> {
  const times = (route?.stages ?? []).map(stageIdle);
  const [shortest] = times
    .filter((time): time is Stated<number> => time.value !== null)
    .sort((a, b) => a.value - b.value);
  return (
    shortest ?? times[0] ?? { value: null, quote: defaultQuote("no listener of the config carries HTTP") }
  );
}

/** However busy: of the route, else of the listener. */
export function lifetime({ route }: ConfigView): Stated<number> | null {
  const times = (route?.stages ?? []).flatMap(({ manager, action }) => {
    const own = statedTime(nodeAt(action, "max_stream_duration"), "max_stream_duration");
    return own ?? statedTime(nodeAt(manager, "common_http_protocol_options"), "max_stream_duration") ?? [];
  });
  const [shortest] = times.filter(({ value }) => value > 0).sort((a, b) => a.value - b.value);
  return shortest ?? null;
}

const defaultThreshold = 1024;

export interface BreakerRoom extends Stated<number> {
  readonly name: "max_requests" | "max_connections";
  readonly cluster: ConfigMap;
}

/** What a cluster's circuit breakers let in: a WebSocket takes a connection and a request for as long as it lives. */
function breakerRoom(cluster: ConfigMap): BreakerRoom {
  const thresholds = mapsAt(cluster, "circuit_breakers", "thresholds").find(
    (one) => (textAt(one, "priority") ?? "DEFAULT").toUpperCase() === "DEFAULT",
  );
  const of = (name: BreakerRoom["name"]): BreakerRoom => ({
    ...(statedNumber(thresholds ?? null, name) ?? {
      value: defaultThreshold,
      quote: defaultQuote(
        `\`${name}\` of cluster ${textAt(cluster, "name")} is not set: ${defaultThreshold}`,
      ),
    }),
    ...{ name, cluster },
  });
  const [requests, connections] = [of("max_requests"), of("max_connections")];
  return connections.value <= requests.value ? connections : requests;
}

/** Every cluster on the way has its own; the least of them. */
export function breakers({ route }: ConfigView): BreakerRoom | null {
  const found = (route?.stages ?? []).flatMap(({ end, tcp }) => {
    const rooms = end.kind === "clusters" ? end.clusters.map(breakerRoom) : [];
    // Of a tunnel of TCP there is no request.
    return tcp === null ? rooms : rooms.filter(({ name }) => name === "max_connections");
  });
  const [least] = found.sort((a, b) => a.value - b.value);
  return least ?? null;
}

/** A circuit breaker counts all workers' together. */
function room(view: ConfigView): ConfigFacts["room"] {
  const limits = [breakers(view), listenerLimit(view)].filter((one) => one !== null);
  const [least] = [...limits].sort((a, b) => a.value - b.value);
  if (least === undefined) return null;
  const { value, quote } = least;
  const words = limits.map((limit) => `config: ${quoteAt(limit.quote)}: room for ${limit.value} WebSockets`);
  return { value, quote, oneByOne: value, parts: 1, words };
}

/** The filter `connection_limit`, which closes what comes beyond it without an answer. */
export function listenerLimit({ route }: ConfigView): Stated<number> | null {
  const limits = (route?.stages ?? []).flatMap(({ chain }) =>
    filtersOfType(mapsAt(chain, "filters"), "ConnectionLimit").flatMap(
      (filter) => statedNumber(nodeAt(filter, "typed_config"), "max_connections") ?? [],
    ),
  );
  const [least] = limits.sort((a, b) => a.value - b.value);
  return least ?? null;
}

/** The same, where clients may take it for theirs: it counts all of a listener's. */
function connectionLimit(view: ConfigView): KeyedLimit<number> | null {
  const limit = listenerLimit(view);
  return limit === null ? null : { ...limit, by: "listener", definition: null, holdsForAll: true };
}

/** The filter `local_ratelimit`: a bucket of tokens for all of a route's or a listener's requests together. */
function handshakeLimit({ route }: ConfigView): HandshakeLimit | null {
  for (const stage of route?.stages ?? []) {
    const own = [stage.route, stage.virtualHost].flatMap((where) =>
      (nodeAt(where, "typed_per_filter_config")?.kind === "map"
        ? (nodeAt(where, "typed_per_filter_config") as ConfigMap).entries
        : []
      ).flatMap(({ value }) => (typeOf(value) === "LocalRateLimit" ? [value] : [])),
    );
    const general = filtersOfType(httpFilters(stage), "LocalRateLimit").flatMap(
      (filter) => nodeAt(filter, "typed_config") ?? [],
    );
    for (const config of [...own, ...general]) {
      const bucket = nodeAt(config, "token_bucket");
      const quote = quoteOf(config, "token_bucket");
      if (bucket === null || quote === null || nodeAt(config, "filter_enabled") === null) continue;
      const burst = numberAt(bucket, "max_tokens") ?? 0;
      const fill = numberAt(bucket, "tokens_per_fill") ?? 1;
      const seconds = secondsAt(bucket, "fill_interval") ?? 1;
      const by = "route, whoever asks";
      return {
        value: `${fill} per ${seconds} s`,
        quote,
        by,
        definition: null,
        holdsForAll: true,
        perS: fill / seconds,
        burst,
        delays: false,
      };
    }
  }
  return null;
}

/** Unless written, as many as the system lets wait. */
function backlog({ first }: ConfigView): Stated<number> {
  return (
    statedNumber(first?.listener ?? null, "tcp_backlog_size") ?? {
      value: systemBacklog,
      quote: defaultQuote("`tcp_backlog_size` is not set: net.core.somaxconn"),
    }
  );
}

/** Of Linux, unless somebody has changed it: the system's own limit is compared with it. */
const systemBacklog = 4096;
