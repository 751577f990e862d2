/**
 * What `--set name=value` may change in the built-in Caddy config, and where each name stands in it. Names are checked
 * here; whether a value makes sense is Caddy's to say.
 */
import { UsageError } from "../../../base/errors.js";
import { refuseUnsafe, switchValue, unknownSetting } from "../../set-values.js";

/** Places of the built-in config; `tls` is wsrally's own switch, and the environment is Go's. */
export type SettingPlace =
  | "environment"
  | "options"
  | "timeouts"
  | "servers"
  | "site"
  | "site-tls"
  | "proxy"
  | "transport"
  | "tls";

/** A subdirective's name, with its block before it where it would be another one without. */
const namesByPlace: Readonly<Record<SettingPlace, readonly string[]>> = {
  environment: ["GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GODEBUG"],
  options: ["grace_period", "shutdown_delay"],
  timeouts: ["timeouts read_body", "timeouts read_header", "timeouts write", "timeouts idle"],
  servers: ["max_header_size", "keepalive_interval", "protocols", "enable_full_duplex"],
  site: ["encode", "log"],
  "site-tls": ["tls protocols", "tls ciphers", "tls curves"],
  proxy: [
    ...["flush_interval", "stream_buffer_size", "stream_timeout", "stream_close_delay"],
    ...["request_buffers", "response_buffers"],
    ...["lb_policy", "lb_retries", "lb_try_duration", "lb_try_interval"],
    ...["max_fails", "fail_duration", "unhealthy_request_count"],
  ],
  transport: [
    ...["read_buffer", "write_buffer", "dial_timeout", "dial_fallback_delay", "response_header_timeout"],
    ...[
      "read_timeout",
      "write_timeout",
      "keepalive",
      "keepalive_idle_conns",
      "keepalive_idle_conns_per_host",
    ],
    ...["max_conns_per_host", "compression", "versions"],
  ],
  tls: ["tls"],
};

/** Present or absent; they take no value. */
const flags: ReadonlySet<string> = new Set(["enable_full_duplex", "log"]);
const counts: ReadonlySet<string> = new Set(["GOMAXPROCS"]);

const placeByName: ReadonlyMap<string, SettingPlace> = new Map(
  (Object.entries(namesByPlace) as [SettingPlace, readonly string[]][]).flatMap(([place, names]) =>
    names.map((name) => [name, place] as const),
  ),
);

/** Every name that may be set, in the order of the config. */
export const settableNames: readonly string[] = [...placeByName.keys()];

export interface CaddySettings {
  /** Lines of each place as they stand in the config: `stream_timeout 1h`; of the environment name and value. */
  readonly byPlace: ReadonlyMap<SettingPlace, readonly (readonly string[])[]>;
  readonly tls: boolean;
  /** Processors that Caddy keeps busy. */
  readonly workers: number;
}

/** What opens a block, starts a comment or asks for a placeholder. */
const unsafe = "\"'\\#`{}<";

/** @throws UsageError for a name that cannot be set, or a value that would be more than a value */
export function parseCaddySettings(set: Readonly<Record<string, string>>): CaddySettings {
  const byPlace = new Map<SettingPlace, (readonly string[])[]>();
  let tls = false;
  for (const [name, value] of Object.entries(set)) {
    const place = placeByName.get(name);
    if (place === undefined)
      throw unknownSetting(name, { title: "Caddy", kind: "caddy", names: settableNames });
    refuseUnsafe(name, value, unsafe);
    if (place === "tls") {
      tls = switchValue(name, value.trim());
      continue;
    }
    const line = lineOf(name, value.trim());
    if (line !== null) byPlace.set(place, [...(byPlace.get(place) ?? []), line]);
  }
  const [needsTls] = byPlace.get("site-tls") ?? [];
  if (needsTls !== undefined && !tls)
    throw new UsageError(
      `Cannot set tls ${needsTls[0]} without TLS: it would change nothing; add --set tls=on`,
    );
  return { byPlace, tls, workers: Number(set.GOMAXPROCS ?? 1) };
}

/** Null for a flag that is off. */
function lineOf(name: string, value: string): readonly string[] | null {
  if (counts.has(name) && !/^[1-9]\d{0,3}$/.test(value))
    throw new UsageError(`Cannot set ${name}=${value}: want a whole number from 1`);
  const word = name.replace(/^(?:timeouts|tls) /, "");
  if (flags.has(name)) return switchValue(name, value) ? [word] : null;
  return [word, ...value.split(/\s+/)];
}
