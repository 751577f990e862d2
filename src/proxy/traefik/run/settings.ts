/**
 * What `--set name=value` may change in the built-in Traefik config: names are Traefik's own, with the middleware before one
 * that tells nothing alone. Names are checked here; whether a value makes sense is Traefik's to say.
 */
import { UsageError } from "../../../base/errors.js";
import { refuseUnsafe, switchValue, unknownSetting } from "../../set-values.js";

/** Parts of the built-in config; `tls` is wsrally's own switch, and the environment is Go's. */
export type SettingPlace =
  | "environment"
  | "entryPoint"
  | "static"
  | "loadBalancer"
  | "serversTransport"
  | "middlewares"
  | "tlsOptions"
  | "tls";

/** By place, the way to each name from there. */
const pathsByPlace: Readonly<Record<SettingPlace, readonly string[]>> = {
  environment: ["GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GODEBUG"],
  entryPoint: [
    ...["readTimeout", "writeTimeout", "idleTimeout"].map((name) => `transport.respondingTimeouts.${name}`),
    ...["graceTimeOut", "requestAcceptGraceTimeout"].map((name) => `transport.lifeCycle.${name}`),
    ...["transport.keepAliveMaxTime", "transport.keepAliveMaxRequests"],
    ...["http.maxHeaderBytes", "http.sanitizePath", "http2.maxConcurrentStreams", "reusePort"],
  ],
  static: ["experimental.fastProxy", "accessLog"],
  loadBalancer: ["strategy", "passHostHeader", "responseForwarding.flushInterval"],
  serversTransport: [
    ...["dialTimeout", "responseHeaderTimeout", "idleConnTimeout", "readIdleTimeout", "pingTimeout"].map(
      (name) => `forwardingTimeouts.${name}`,
    ),
    ...["maxIdleConnsPerHost", "disableHTTP2"],
  ],
  middlewares: [
    ...["compress", "inFlightReq.amount", "rateLimit.average", "rateLimit.burst", "rateLimit.period"],
    ...["retry.attempts", "retry.initialInterval"],
  ],
  tlsOptions: ["minVersion", "maxVersion", "cipherSuites", "curvePreferences", "alpnProtocols"],
  tls: ["tls"],
};

/** Present or absent; they take no value. */
const flags: ReadonlySet<string> = new Set(["fastProxy", "accessLog", "compress"]);
const lists: ReadonlySet<string> = new Set(["cipherSuites", "curvePreferences", "alpnProtocols"]);

interface Spot {
  readonly place: SettingPlace;
  readonly path: readonly string[];
}

const spots: ReadonlyMap<string, Spot> = new Map(
  (Object.entries(pathsByPlace) as [SettingPlace, readonly string[]][]).flatMap(([place, paths]) =>
    paths.map((path): [string, Spot] => [nameOf(place, path), { place, path: path.split(".") }]),
  ),
);

function nameOf(place: SettingPlace, path: string): string {
  return place === "middlewares" ? path.replace(".", " ") : path.replace(/^.*\./, "");
}

/** Every name that may be set, in the order of the config. */
export const settableNames: readonly string[] = [...spots.keys()];

/** A part of a config: what YAML can say. */
export type Plain = string | readonly string[] | PlainMap;
export interface PlainMap {
  readonly [name: string]: Plain | readonly PlainMap[];
}

interface Placed {
  readonly path: readonly string[];
  readonly value: Plain;
}

export interface TraefikSettings {
  readonly tls: boolean;
  /** Processors that Traefik keeps busy. */
  readonly workers: number;
  at(place: SettingPlace): readonly Placed[];
}

/** @throws UsageError for a name that cannot be set, or a value that would be more than a value */
export function parseTraefikSettings(set: Readonly<Record<string, string>>): TraefikSettings {
  const byPlace = new Map<SettingPlace, Placed[]>();
  let tls = false;
  for (const [name, text] of Object.entries(set)) {
    const spot = spots.get(name);
    if (spot === undefined) throw unknownSetting(name, { title: "Traefik", names: settableNames });
    // Its files are templates of Go's.
    refuseUnsafe(name, text, "{}");
    const value = settingValue(name, text.trim());
    if (spot.place === "tls") tls = value !== null;
    else if (value !== null)
      byPlace.set(spot.place, [...(byPlace.get(spot.place) ?? []), { path: spot.path, value }]);
  }
  const [needsTls] = byPlace.get("tlsOptions") ?? [];
  if (needsTls !== undefined && !tls)
    throw new UsageError(
      `Cannot set ${needsTls.path} without TLS: it would change nothing; add --set tls=on`,
    );
  return { tls, workers: Number(set.GOMAXPROCS ?? 1), at: (place) => byPlace.get(place) ?? [] };
}

/** Null for a flag that is off. */
function settingValue(name: string, text: string): Plain | null {
  if (name === "GOMAXPROCS" && !/^[1-9]\d{0,3}$/.test(text))
    throw new UsageError(`Cannot set ${name}=${text}: want a whole number from 1`);
  if (name === "tls" || flags.has(name)) return switchValue(name, text) ? {} : null;
  return lists.has(name) ? text.split(/[\s,]+/) : text;
}
