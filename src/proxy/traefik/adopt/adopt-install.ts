/**
 * The install configuration of the copy: the user's entry points on free ports of loopback, the file provider alone, and
 * nothing that tells anybody of anything.
 */

import { addressMarks } from "../../instance/address-marks.js";
import {
  type ConfigEntry,
  type ConfigMap,
  type ConfigNode,
  mapOf,
  nodeOf,
  type Plain,
} from "../../tree/config-node.js";
import {
  entryOf,
  mapAt,
  namedIn,
  nodeAt,
  textAt,
  withField,
  withMap,
  withoutField,
  withRest,
} from "../language/fields.js";
import { type EntryPoint, entryPointsOf } from "../route/parts.js";
import { routesFile } from "../run/template.js";
import { type LeftOut, withoutLeftOut } from "./adopt-middlewares.js";
import { adoptTransport } from "./adopt-transports.js";
import { type Adoption, leaveOut } from "./adoption.js";

export interface InstallTerms {
  /** Name of the entry point that is measured; null where there is none. */
  readonly measured: string | null;
  readonly leftOut: LeftOut;
  readonly adoption: Adoption;
}

interface AdoptedInstall {
  readonly tree: ConfigMap;
  readonly listenCount: number;
  /** The listener of wsrally's own entry point, where it asks whether the routes are in force. */
  readonly readyListen: number;
}

/** Where the copy says that its routes are in force. */
export const readyEntryPoint = "wsrally-ready";

/** Said of every copy. */
const own: { readonly [key: string]: Plain } = {
  global: { checkNewVersion: "false", sendAnonymousUsage: "false" },
  // Of a connection that failed it tells at no other level.
  log: { level: "DEBUG", format: "json" },
  ping: { manualRouting: "true" },
};

const leftOut: readonly (readonly [why: string, names: readonly string[]])[] = [
  ["nobody is told of requests", ["metrics", "tracing", "accessLog", "otel"]],
  ["the certificate is the run's own", ["certificatesResolvers", "acme", "ocsp", "spiffe"]],
  ["no name is looked up", ["hostResolver"]],
  ["wsrally's backend speaks plain TCP", ["tcpServersTransport"]],
];

export function adoptInstall(terms: InstallTerms): AdoptedInstall {
  const { adoption, measured } = terms;
  const { read } = adoption;
  const written: ConfigMap = read.install ?? { kind: "map", entries: [], place: null };
  if (nodeAt(written, "log") !== null)
    adoption.note("Logs go to a file of wsrally's, in its own form", entryOf(written, "log")?.place ?? null);
  let tree = leftOut.reduce((map, [why, names]) => leaveOut(map, names, why, adoption), written);
  tree = withoutProviders(withoutOtherCode(withoutRoutes(tree), adoption), adoption);
  if (nodeAt(tree, "api") !== null) {
    adoption.note("The API is only where a router leads to it", entryOf(tree, "api")?.place ?? null);
    tree = withField(tree, "api", mapOf({}));
  }
  tree = withRest(tree, "serversTransport", (transport) => adoptTransport(transport, adoption));
  for (const [name, value] of Object.entries(own)) tree = withField(tree, name, nodeOf(value));
  tree = withField(
    tree,
    "providers",
    mapOf({ providersThrottleDuration: "10ms", file: { filename: routesFile, watch: "true" } }),
  );
  const points = entryPointsOf(read);
  const entries: ConfigEntry[] = [];
  let next = 1;
  for (const point of points) {
    const listen = point.name === measured ? 0 : next++;
    entries.push({
      key: point.name,
      place: point.entry?.place ?? null,
      value: adoptPoint(point, listen, terms),
    });
  }
  const readyListen = measured === null ? 0 : next++;
  entries.push({
    key: readyEntryPoint,
    place: null,
    value: mapOf({ address: addressMarks.listen(readyListen) }),
  });
  noteDatagrams(written, adoption);
  return {
    tree: withField(tree, "entryPoints", { kind: "map", entries, place: null }),
    listenCount: Math.max(next, 1),
    readyListen,
  };
}

/** Traefik looks for no routes here. */
function withoutRoutes(tree: ConfigMap): ConfigMap {
  return withoutField(tree, "http", "tcp", "udp", "tls");
}

function withoutOtherCode(tree: ConfigMap, adoption: Adoption): ConfigMap {
  return withRest(tree, "experimental", (experimental) => {
    const bare = leaveOut(experimental, ["plugins", "localPlugins"], "no code of a config runs", adoption);
    return leaveOut(
      bare,
      ["kubernetesGateway", "abortOnPluginFailure", "otlpLogs", "knative", "kubernetesIngressNGINX"],
      "routes come from files alone",
      adoption,
    );
  });
}

function withoutProviders(tree: ConfigMap, { note }: Adoption): ConfigMap {
  for (const { key, place } of namedIn(tree, "providers"))
    if (!/^(?:file|providersThrottleDuration)$/i.test(key))
      note(`\`providers.${key}\` was left out: routes come from files alone`, place);
  return tree;
}

function noteDatagrams(tree: ConfigMap, { note }: Adoption): void {
  for (const { key, value, place } of namedIn(tree, "entryPoints"))
    if (/\/udp$/i.test(textAt(value, "address") ?? ""))
      note(`The entry point ${key} was left out: no WebSocket goes over UDP here`, place);
}

function adoptPoint({ name, entry, isDefault }: EntryPoint, listen: number, terms: InstallTerms): ConfigNode {
  const { adoption, leftOut: gone } = terms;
  const written = mapAt(entry?.value ?? null) ?? { kind: "map" as const, entries: [], place: null };
  const address = textAt(written, "address");
  const place = entryOf(written, "address")?.place ?? entry?.place ?? placeOfUse(name, adoption);
  adoption.note(
    `The entry point ${name}${address === null ? "" : ` at ${address}`} is a free port of 127.0.0.1 instead`,
    place,
  );
  let point = leaveOut(written, ["http3"], "no WebSocket goes over HTTP/3 here", adoption);
  point = leaveOut(
    point,
    ["proxyProtocol"],
    "the generator connects as clients do, without a PROXY line",
    adoption,
  );
  point = leaveOut(point, ["udp", "allowACMEByPass"], "no certificate is asked for", adoption);
  point = withRest(point, "http", (http) => withoutLeftOut(withoutResolver(http, adoption), gone));
  point = withField(point, "address", nodeOf(addressMarks.listen(listen)));
  if (isDefault) point = withField(point, "asDefault", nodeOf("true"));
  return withoutGrace(point, adoption);
}

/** Where a router of a file of routes alone names it. */
function placeOfUse(name: string, { read }: Adoption): ConfigEntry["place"] {
  for (const kind of ["http", "tcp"])
    for (const { value, place } of namedIn(read.routing, kind, "routers")) {
      const entry = entryOf(value, "entryPoints");
      const named = entry?.value.kind === "list" ? entry.value.items : [entry?.value];
      const found = named.find((one) => one?.kind === "scalar" && one.value === name);
      if (found !== undefined) return found.place ?? place;
    }
  return null;
}

/** At its end it would wait for open WebSockets, which a run has closed or means to cut. */
function withoutGrace(point: ConfigMap, adoption: Adoption): ConfigMap {
  const old = entryOf(nodeAt(point, "transport"), "lifeCycle");
  if (old !== null)
    adoption.note("`graceTimeOut` is 1ms instead: wsrally ends it when nobody is connected", old.place);
  const transport = mapAt(point, "transport") ?? mapOf({});
  return withField(point, "transport", withField(transport, "lifeCycle", mapOf({ graceTimeOut: "1ms" })));
}

/** TLS without those who would be asked for a certificate. */
export function withoutResolver(map: ConfigMap, adoption: Adoption): ConfigMap {
  return withMap(map, "tls", (tls) =>
    leaveOut(tls, ["certResolver", "domains"], "the certificate is the run's own", adoption),
  );
}
