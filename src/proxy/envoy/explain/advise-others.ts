/**
 * What the config shows beside the way that is looked at: other routes, buffers, ports, who comes back to which endpoint.
 */
import { type Finding, fault, note, ok, warning } from "../../../diagnosis/finding.js";
import { libraryAt } from "../../sticky-libraries.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { nodeAt, textAt } from "../language/config-node.js";
import { endpointsOf, upgradeRule } from "../route/follow-route.js";
import { chainsOf, filterOf, listenersOf, mapsAt, socketAddress } from "../route/listeners.js";
import { samplePath } from "../route/select-route.js";
import { type ConfigView, filtersOfType } from "./config-view.js";
import { bufferFilter } from "./explain-wait.js";
import { clusterWords, listenerWords, routeWords } from "./places.js";
import { written } from "./quotes.js";

const shownMost = 5;

/** Routes that let an upgrade through by their own word, or by what their path says, and are not the one looked at. */
export function adviseRoutes({ tree, route, first }: ConfigView): readonly Finding[] {
  const all = listenersOf(tree).flatMap(chainsOf).flatMap(upgradeRoutes);
  const others = all.filter((one) => one !== first?.route);
  if (route === null || others.length === 0) return [ok("other-routes")];
  const more = others.length - shownMost;
  return [
    note("other-routes", {
      title: `${others.length === 1 ? "one other route is" : `${others.length} other routes are`} for WebSockets too, and ${others.length === 1 ? "was" : "were"} not looked at`,
      evidence: [
        ...others.slice(0, shownMost).map((one) => `config: ${routeWords(one)}`),
        ...(more > 0 ? [`config: ${more} more, likewise`] : []),
      ],
      cause: "a probe looks at one path of one virtual host: --path and --server-name choose another",
    }),
  ];
}

/** Paths that are nothing but a WebSocket's. */
const telling = /(?:^|[/_.-])(?:wss?|websockets?|socket\.io|sockjs|cable)(?:[/_.-]|$)/i;

function upgradeRoutes(chain: ConfigMap): ConfigMap[] {
  const manager = filterOf(chain, "HttpConnectionManager");
  return mapsAt(manager, "route_config", "virtual_hosts")
    .flatMap((host) => mapsAt(host, "routes"))
    .filter((route) => {
      const action = nodeAt(route, "route");
      if (manager === null || action?.kind !== "map" || !upgradeRule({ manager, action }).isOn) return false;
      return mapsAt(action, "upgrade_configs").length > 0 || telling.test(samplePath(route) ?? "");
    });
}

/** What people set about buffers for WebSockets, and what counts. */
export function adviseBuffering(view: ConfigView): readonly Finding[] {
  const { first, clusters } = view;
  const [cluster = null] = clusters;
  const limits = [first?.listener ?? null, cluster].map((one) =>
    textAt(one, "per_connection_buffer_limit_bytes") === null
      ? "`per_connection_buffer_limit_bytes` is not set: 1 MiB"
      : written(one, "per_connection_buffer_limit_bytes"),
  );
  const evidence = [...new Set(limits)].map((words) => `config: ${words}`);
  const [buffer] = filtersOfType(mapsAt(first?.manager ?? null, "http_filters"), "Buffer");
  if (buffer === undefined || bufferFilter(view) !== null) return [ok("buffering", evidence)];
  return [
    note("buffering", {
      title: "the filter Buffer is kept away from WebSockets, as it has to be",
      evidence,
      cause: "it waits for the end of a request, and an upgrade has none; this route goes without it",
    }),
  ];
}

/** The port as written against what is spoken on it: 443 without TLS answers no wss://. */
export function advisePortScheme({ route, first }: ConfigView): readonly Finding[] {
  const port = socketAddress(nodeAt(first?.listener ?? null, "address"))?.port ?? 0;
  if (route === null || first?.manager == null || route.tls || !/443$/.test(String(port))) return [];
  const trouble = {
    side: "proxy",
    title: `port ${port} speaks no TLS`,
    evidence: [
      `config: ${written(first.listener, "address")}`,
      "client: ws:// is answered there, and wss:// would not be",
    ],
    cause: `${listenerWords(first.listener)} has no \`transport_socket\`: clients that come with wss:// or https:// for this port get no TLS`,
    cure: "nothing, where TLS ends before Envoy; else a DownstreamTlsContext with a certificate in the filter chain",
  } as const;
  return [port === 443 ? fault("tls-scheme", trouble) : warning("tls-scheme", trouble)];
}

/** Policies that choose by something of the client or its request, and not by whose turn it is. */
const keepers = /^(?:RING_HASH|MAGLEV)$/i;

/** Libraries that begin with plain requests and upgrade later keep a session on one server. */
export function adviseStickiness({ route, last, clusters }: ConfigView): readonly Finding[] {
  const library = libraryAt(route?.path ?? "/");
  const [cluster] = clusters;
  const count = clusters.reduce((sum, one) => sum + endpointsOf(one).length, 0);
  if (library === null || cluster === undefined || count < 2) return [ok("stickiness")];
  const isHashed =
    keepers.test(textAt(cluster, "lb_policy") ?? "") && nodeAt(last?.action ?? null, "hash_policy") !== null;
  const session = filtersOfType(mapsAt(last?.manager ?? null, "http_filters"), "StatefulSession");
  if ((isHashed && clusters.length === 1) || session.length > 0) return [ok("stickiness")];
  return [
    note("stickiness", {
      title: `handshakes of a client spread over ${count} endpoints: ${library} needs them to come to one`,
      evidence: [
        `config: ${clusterWords(cluster)} has ${endpointsOf(cluster).length} endpoints, ${written(cluster, "lb_policy")}`,
      ],
      cause: `${library} opens a session by a plain request and upgrades it with another one, which a server that does not know the session answers with 400; the filter stateful_session with a cookie keeps a client at one endpoint, or \`lb_policy: RING_HASH\` with a \`hash_policy\` of the route`,
    }),
  ];
}
