/**
 * What `--set NAME=VALUE` may change in the built-in Envoy config: names are Envoy's own fields, with `listener`, `route` or
 * `cluster` before one that would be another's without. Whether a value makes sense is Envoy's to say.
 */
import { UsageError } from "../../../base/errors.js";
import { unknownSetting } from "../../set-values.js";
import type { Plain } from "../../tree/config-node.js";

type ValueKind = "switch" | "count" | "duration" | "word" | "words";

/** Places of the built-in config; `run` are wsrally's own and the command line's. */
export type SettingPlace =
  | "run"
  | "listener"
  | "manager"
  | "stream"
  | "route"
  | "cluster"
  | "upstream"
  | "breakers"
  | "tls";

interface SettingSpec {
  readonly place: SettingPlace;
  /** In Envoy's message. */
  readonly field: string;
  readonly value: ValueKind;
}

function spec(place: SettingPlace, value: ValueKind, ...names: readonly string[]): [string, SettingSpec][] {
  return names.map((name) => [name, { place, value, field: name.replace(/^.* /, "") }]);
}

const specs: ReadonlyMap<string, SettingSpec> = new Map([
  ...spec("run", "count", "concurrency"),
  ...spec("run", "count", "drain-time-s", "parent-shutdown-time-s"),
  ...spec("run", "switch", "tls"),
  ...spec("listener", "count", "listener per_connection_buffer_limit_bytes", "tcp_backlog_size"),
  ...spec("listener", "switch", "enable_reuse_port"),
  ...spec("manager", "duration", "stream_idle_timeout", "request_timeout", "request_headers_timeout"),
  ...spec("manager", "duration", "delayed_close_timeout"),
  ...spec(
    "manager",
    "switch",
    "use_remote_address",
    "generate_request_id",
    "normalize_path",
    "merge_slashes",
  ),
  ...spec("manager", "count", "max_request_headers_kb"),
  ...spec("manager", "word", "codec_type"),
  ...spec("stream", "duration", "max_stream_duration", "max_connection_duration"),
  ...spec("route", "duration", "route timeout", "route idle_timeout"),
  ...spec("cluster", "duration", "connect_timeout"),
  ...spec("cluster", "count", "cluster per_connection_buffer_limit_bytes"),
  ...spec("cluster", "word", "lb_policy"),
  ...spec("upstream", "switch", "cluster http2_protocol_options"),
  ...spec("breakers", "count", "max_connections", "max_pending_requests", "max_requests"),
  ...spec("tls", "word", "tls_minimum_protocol_version", "tls_maximum_protocol_version"),
  ...spec("tls", "words", "cipher_suites", "ecdh_curves", "alpn_protocols"),
]);

export const settableNames: readonly string[] = [...specs.keys()];

export interface EnvoySettings {
  readonly tls: boolean;
  /** Worker threads. */
  readonly concurrency: number;
  /** Options of the command line that say how long a hot restart takes. */
  readonly handOver: readonly string[];
  /** By field, where they stand. */
  fields(place: SettingPlace): Readonly<Record<string, Plain>>;
}

/** One worker: the other processors are the generator's and the backend's, and one worker's cost is comparable. */
const usualConcurrency = 1;

/** @throws UsageError for a name that cannot be set, or a value of the wrong kind */
export function parseEnvoySettings(set: Readonly<Record<string, string>>): EnvoySettings {
  const byPlace = new Map<SettingPlace, Record<string, Plain>>();
  for (const [name, text] of Object.entries(set)) {
    const known = specs.get(name);
    if (known === undefined)
      throw unknownSetting(name, { title: "Envoy", kind: "envoy", names: settableNames });
    const fields = byPlace.get(known.place) ?? {};
    fields[known.field] = settingValue(name, text.trim(), known.value);
    byPlace.set(known.place, fields);
  }
  const run = byPlace.get("run") ?? {};
  const { tls = false, concurrency = usualConcurrency } = run;
  const [needsTls] = Object.keys(byPlace.get("tls") ?? {});
  if (needsTls !== undefined && tls !== true)
    throw new UsageError(`Cannot set ${needsTls} without TLS: it would change nothing; add --set tls=on`);
  if (Number(concurrency) < 1) throw new UsageError("Cannot set concurrency=0: want at least one worker");
  return {
    tls: tls === true,
    concurrency: Number(concurrency),
    handOver: ["drain-time-s", "parent-shutdown-time-s"].flatMap((name) => {
      const seconds = run[name];
      return seconds === undefined ? [] : [`--${name}`, String(seconds)];
    }),
    fields: (place) => byPlace.get(place) ?? {},
  };
}

function settingValue(name: string, text: string, kind: ValueKind): Plain {
  const refuse = (wanted: string): UsageError =>
    new UsageError(`Cannot set ${name}=${JSON.stringify(text)}: want ${wanted}`);
  switch (kind) {
    case "switch":
      if (text !== "on" && text !== "off") throw refuse("on or off");
      return text === "on";
    case "count":
      if (!/^\d{1,9}$/.test(text)) throw refuse("a whole number");
      return Number(text);
    case "duration":
      return durationOf(text) ?? fail(refuse("a time, such as 60s, 500ms, 1h or 0s"));
    case "word":
      if (!/^[\w-]+$/.test(text)) throw refuse("one word");
      return text;
    case "words":
      if (!/^[\w:./|[\]+-]+(?:,[\w:./|[\]+-]+)*$/.test(text)) throw refuse("words with commas between them");
      return text.split(",");
  }
}

function fail(error: UsageError): never {
  throw error;
}

const unitS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** As protobuf's JSON has it, in seconds. */
function durationOf(text: string): string | null {
  const [, digits = "", unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  if (digits === "") return null;
  return `${Number((Number(digits) * (unitS[unit] ?? 1)).toFixed(9))}s`;
}
