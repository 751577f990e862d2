/**
 * The built-in HAProxy config: a plain, good reverse proxy for WebSockets, sized to the workload, with `--set` variants
 * applied. Paths are relative to the private folder; addresses are marks that a start fills in.
 */
import { descriptorLimitOf } from "../../../linux/descriptor-limit.js";
import { isLinuxLayerAvailable } from "../../../linux/linux-layer.js";
import { type ConfigLine, line, type Section } from "../language/config-tree.js";
import { marks } from "./config-marks.js";
import type { HaproxySettings, Setting, SettingPlace } from "./settings.js";

/** Connections of a preflight, and of clients that are on their way out. */
const slack = 128;
/** Descriptors of its own: listeners, the channel to the master, epoll and logs, for each of a few threads. */
export const ownFiles = 64;
/** A connection to each side. */
export const filesPerConnection = 2;
/** An hour: a benchmark's quiet connections are not to be cut. */
const idleTimeout = "1h";

/** What HAProxy needs to carry all the connections of a workload, as far as this machine lets it. */
function fittingMaxconn(connections: number): number {
  const most = isLinuxLayerAvailable().available ? descriptorLimitOf(0).hard : Number.POSITIVE_INFINITY;
  return Math.min(connections + slack, Math.max(1, Math.floor((most - ownFiles) / filesPerConnection)));
}

/** To standard output, in the order in which it happened; `short` begins with the level. */
export const ownLog: ConfigLine = line("log", "stdout", "format", "short", "local0");

/**
 * @param backendPorts of wsrally's backend: a server each, so that none runs out of HAProxy's local ports
 * @param http what clients speak: on a plain port HAProxy tells by itself
 */
export function builtInConfig(
  settings: HaproxySettings,
  connections: number,
  backendPorts: number,
  http: 1 | 2 = 1,
): Section[] {
  const lines = (place: SettingPlace, defaults: readonly ConfigLine[]): ConfigLine[] =>
    withSettings(defaults, settings.byPlace.get(place) ?? new Map());
  const isTcp = settings.byPlace.get("defaults")?.get("mode")?.args[0] === "tcp";
  return [
    section("global", null, [
      ownLog,
      // One thread: the other processors are the generator's and the backend's, and one thread's cost is comparable.
      ...lines("global", [line("maxconn", String(fittingMaxconn(connections))), line("nbthread", "1")]),
    ]),
    section("defaults", null, [
      line("log", "global"),
      line("option", isTcp ? "tcplog" : "httplog"),
      line("option", "dontlog-normal"),
      line("option", "dontlognull"),
      ...lines("defaults", [
        line("mode", "http"),
        line("timeout", "connect", "5s"),
        line("timeout", "client", idleTimeout),
        line("timeout", "server", idleTimeout),
        line("timeout", "tunnel", idleTimeout),
        ...(isTcp ? [] : [line("timeout", "http-request", "60s")]),
      ]),
    ]),
    section("frontend", "wsrally", [
      line("bind", ...bindWords(settings, connections, http)),
      ...(isTcp ? [] : [line("option", "forwardfor"), forwardedProto(settings.tls)]),
      ...lines("frontend", []),
      line("default_backend", "wsrally_backend"),
    ]),
    section("backend", "wsrally_backend", [
      ...lines("backend", []),
      ...Array.from({ length: backendPorts }, (_, index) =>
        line("server", `s${index + 1}`, marks.backend(index), ...wordsOf(settings.byPlace.get("server"))),
      ),
    ]),
  ];
}

function section(kind: string, name: string | null, lines: readonly ConfigLine[]): Section {
  return { kind, name, from: null, args: name === null ? [] : [name], lines, place: null };
}

function forwardedProto(tls: boolean): ConfigLine {
  return line("http-request", "set-header", "X-Forwarded-Proto", tls ? "https" : "http");
}

/** A setting takes the place of the line with the same keyword. */
function withSettings(defaults: readonly ConfigLine[], settings: ReadonlyMap<string, Setting>): ConfigLine[] {
  const set = [...settings.values()];
  const isSet = ({ name, args }: ConfigLine): boolean =>
    set.some(({ keyword }) => keyword.join(" ") === [name, ...args].slice(0, keyword.length).join(" "));
  const added = set.map(
    ({ keyword: [name = "", ...rest], args, isOn }): ConfigLine => ({
      ...line(name, ...rest, ...args),
      negated: !isOn,
    }),
  );
  return [...defaults.filter((one) => !isSet(one)), ...added];
}

function wordsOf(settings: ReadonlyMap<string, Setting> | undefined): string[] {
  return [...(settings?.values() ?? [])].flatMap(({ keyword, args, isOn }) =>
    isOn ? [...keyword, ...args] : [],
  );
}

function bindWords({ byPlace, tls }: HaproxySettings, connections: number, http: 1 | 2): string[] {
  const set = byPlace.get("bind");
  const backlog = ["backlog", String(Math.min(Math.max(1024, connections), 65_535))];
  const speaksHttp2 = http === 2 && tls && byPlace.get("tls-bind")?.has("bind alpn") !== true;
  return [
    marks.listen(0),
    ...(tls ? ["ssl", "crt", "run.pem"] : []),
    ...(set?.has("bind backlog") ? [] : backlog),
    ...wordsOf(set),
    ...wordsOf(byPlace.get("tls-bind")),
    ...(speaksHttp2 ? ["alpn", "h2"] : []),
  ];
}
