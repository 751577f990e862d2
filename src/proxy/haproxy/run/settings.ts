/**
 * What `--set keyword=value` may change in the built-in HAProxy config, and where each keyword stands in it. Names are
 * checked here; whether a value makes sense is HAProxy's to say.
 */
import { UsageError } from "../../../base/errors.js";
import { refuseUnsafe, switchValue, unknownSetting } from "../../set-values.js";

/** Places of the built-in config; `tls` is wsrally's own switch. */
export type SettingPlace =
  | "global"
  | "defaults"
  | "frontend"
  | "backend"
  | "bind"
  | "tls-bind"
  | "server"
  | "tls";

/** A keyword of HAProxy's, with `frontend`, `bind` or `server` before it where it would be another one without. */
const namesByPlace: Readonly<Record<SettingPlace, readonly string[]>> = {
  global: [
    ...["maxconn", "nbthread", "cpu-map", "hard-stop-after", "busy-polling", "nosplice", "ulimit-n"],
    ...["tune.bufsize", "tune.maxrewrite", "tune.maxaccept", "tune.maxpollevents", "tune.runqueue-depth"],
    ...["tune.sched.low-latency", "tune.recv_enough", "tune.pipesize", "tune.listener.multi-queue"],
    ...["tune.rcvbuf.client", "tune.rcvbuf.server", "tune.sndbuf.client", "tune.sndbuf.server"],
    ...["tune.ssl.cachesize", "tune.ssl.lifetime", "tune.ssl.maxrecord", "tune.ssl.default-dh-param"],
  ],
  defaults: [
    ...["mode", "balance", "retries", "http-reuse"],
    ...["timeout tunnel", "timeout client", "timeout server", "timeout connect", "timeout queue"],
    ...["timeout http-request", "timeout http-keep-alive", "timeout client-fin", "timeout server-fin"],
    ...["option http-server-close", "option httpclose", "option http-no-delay", "option tcp-smart-accept"],
    ...["option tcp-smart-connect", "option splice-auto", "option splice-request", "option splice-response"],
    ...["option clitcpka", "option srvtcpka", "option abortonclose", "option http-buffer-request"],
    ...["option prefer-last-server", "option redispatch", "option contstats"],
  ],
  frontend: ["frontend maxconn", "frontend backlog", "compression algo"],
  backend: ["fullconn"],
  bind: [
    "bind backlog",
    "bind defer-accept",
    "bind maxconn",
    "bind mss",
    "bind nice",
    "bind shards",
    "bind tfo",
  ],
  "tls-bind": [
    ...["bind alpn", "bind ciphers", "bind ciphersuites", "bind curves", "bind ssl-min-ver"],
    ...["bind ssl-max-ver", "bind no-tls-tickets"],
  ],
  server: [
    "server maxconn",
    "server maxqueue",
    "server minconn",
    "server tcp-ut",
    "server proto",
    "server tfo",
  ],
  tls: ["tls"],
};

/** Words without a value: present or absent. */
const flags: ReadonlySet<string> = new Set([
  ...["busy-polling", "nosplice", "bind defer-accept", "bind tfo", "bind no-tls-tickets", "server tfo"],
  ...namesByPlace.defaults.filter((name) => name.startsWith("option ")),
]);

const placeByName: ReadonlyMap<string, SettingPlace> = new Map(
  Object.entries(namesByPlace).flatMap(([place, names]) =>
    names.map((name): [string, SettingPlace] => [name, place as SettingPlace]),
  ),
);

/** Every name that can be set, in the order of the config. */
export const settableNames: readonly string[] = [...placeByName.keys()];

/** One keyword with its words, as it is to stand in the config; `isOn` is false for a flag that is to be absent. */
export interface Setting {
  readonly keyword: readonly string[];
  readonly args: readonly string[];
  readonly isOn: boolean;
}

export interface HaproxySettings {
  readonly byPlace: ReadonlyMap<SettingPlace, ReadonlyMap<string, Setting>>;
  readonly tls: boolean;
}

/** What starts a comment or a quoted word, or asks for the environment. */
const unsafe = "\"'\\#$`";

/** @throws UsageError for a name that cannot be set, or a value that would be more than a value */
export function parseHaproxySettings(set: Readonly<Record<string, string>>): HaproxySettings {
  const byPlace = new Map<SettingPlace, Map<string, Setting>>();
  let tls = false;
  for (const [name, value] of Object.entries(set)) {
    const place = placeByName.get(name);
    if (place === undefined)
      throw unknownSetting(name, { title: "HAProxy", kind: "haproxy", names: settableNames });
    refuseUnsafe(name, value, unsafe);
    if (place === "tls") {
      tls = switchValue(name, value.trim());
      continue;
    }
    const settings = byPlace.get(place) ?? new Map<string, Setting>();
    byPlace.set(place, settings.set(name, settingOf(name, value.trim())));
  }
  const [needsTls] = byPlace.get("tls-bind")?.keys() ?? [];
  if (needsTls !== undefined && !tls)
    throw new UsageError(`Cannot set ${needsTls} without TLS: it would change nothing; add --set tls=on`);
  return { byPlace, tls };
}

/** HAProxy reads the start of any text as a number, and takes 0 for a word. */
const counts = /(?:maxconn|maxqueue|minconn|nbthread|backlog|retries|fullconn|ulimit-n)$/;

function settingOf(name: string, value: string): Setting {
  if (counts.test(name) && !/^\d+$/.test(value))
    throw new UsageError(`Cannot set ${name}=${value}: want a whole number`);
  const keyword = name.replace(/^(?:frontend|bind|server) /, "").split(" ");
  if (flags.has(name)) return { keyword, args: [], isOn: switchValue(name, value) };
  return { keyword, args: value.split(/\s+/), isOn: true };
}
