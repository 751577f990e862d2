/**
 * What `--set name=value` may change in the built-in Apache config: directives by their names, with ProxyPass before what is a
 * parameter of its backend. Names are checked here; whether a value makes sense is Apache's to say.
 */
import { UsageError } from "../../../base/errors.js";
import { refuseUnsafe, switchValue, unknownSetting } from "../../set-values.js";

/** Places of the built-in config; `tls` is wsrally's own switch. */
export type SettingPlace = "server" | "mpm" | "tls-server" | "member" | "tls";

const namesByPlace: Readonly<Record<SettingPlace, readonly string[]>> = {
  // None that makes children end: one that is gone is taken to have died.
  mpm: [
    ...["StartServers", "ServerLimit", "ThreadLimit", "ThreadsPerChild", "MaxRequestWorkers"],
    ...["MinSpareThreads", "ThreadStackSize", "AsyncRequestWorkerFactor", "ListenBacklog"],
    ...["ListenCoresBucketsRatio"],
  ],
  server: [
    ...["Timeout", "ProxyTimeout", "KeepAlive", "KeepAliveTimeout", "MaxKeepAliveRequests"],
    ...["ProxyPreserveHost", "ProxyAddHeaders", "ProxyVia", "ProxyIOBufferSize", "ProxyReceiveBufferSize"],
    ...[
      "SendBufferSize",
      "ReceiveBufferSize",
      "LimitRequestFields",
      "LimitRequestFieldSize",
      "HostnameLookups",
    ],
  ],
  "tls-server": [
    "SSLProtocol",
    "SSLCipherSuite",
    "SSLHonorCipherOrder",
    "SSLSessionTickets",
    "SSLOpenSSLConfCmd",
  ],
  member: ["timeout", "connectiontimeout", "retry", "keepalive", "iobuffersize", "max", "acquire"].map(
    (name) => `ProxyPass ${name}`,
  ),
  tls: ["tls"],
};

const placeByName: ReadonlyMap<string, SettingPlace> = new Map(
  (Object.entries(namesByPlace) as [SettingPlace, readonly string[]][]).flatMap(([place, names]) =>
    names.map((name) => [name, place] as const),
  ),
);

/** Every name that may be set, in the order of the config. */
export const settableNames: readonly string[] = [...placeByName.keys()];

export interface ApacheSettings {
  readonly tls: boolean;
  /** By name, without ProxyPass. */
  at(place: SettingPlace): ReadonlyMap<string, string>;
}

/** What ends a word, starts a comment or asks for a variable. */
const unsafe = "\"'\\#$%`<>{}";

/** @throws UsageError for a name that cannot be set, or a value that would be more than a value */
export function parseApacheSettings(set: Readonly<Record<string, string>>): ApacheSettings {
  const byPlace = new Map<SettingPlace, Map<string, string>>();
  let tls = false;
  for (const [name, text] of Object.entries(set)) {
    const place = placeByName.get(name);
    if (place === undefined) throw unknownSetting(name, { title: "Apache", names: settableNames });
    refuseUnsafe(name, text, unsafe);
    const value = text.trim();
    if (place === "tls") tls = switchValue(name, value);
    if (place === "member" && /\s/.test(value))
      throw new UsageError(`Cannot set ${name}=${JSON.stringify(value)}: want one word`);
    byPlace.set(place, (byPlace.get(place) ?? new Map()).set(name.replace(/^ProxyPass /, ""), value));
  }
  const [needsTls] = byPlace.get("tls-server")?.keys() ?? [];
  if (needsTls !== undefined && !tls)
    throw new UsageError(`Cannot set ${needsTls} without TLS: it would change nothing; add --set tls=on`);
  return { tls, at: (place) => byPlace.get(place) ?? new Map() };
}
