/**
 * wsrally's backend in place of every endpoint, but for those that are a listener of the same config. Names are asked of
 * nobody: a cluster of any kind becomes a static one.
 */
import { placeWords } from "../../../diagnosis/quote.js";
import type { UpstreamAddress } from "../../proxy.js";
import {
  type ConfigMap,
  type ConfigNode,
  mapOf,
  nodeOf,
  type Plain,
  plainOf,
} from "../../tree/config-node.js";
import { nodeAt, textAt, typeOf, withField, withMap, withoutField } from "../language/config-node.js";
import { endpointsOf, listenerAt } from "../route/follow-route.js";
import { addressText, clustersOf } from "../route/listeners.js";
import { backendAddress, marks } from "../run/config-marks.js";
import { ownAddress } from "./adopt-listeners.js";
import { type Adoption, leaveOut } from "./adoption.js";

export interface ClusterTerms {
  readonly tree: ConfigMap;
  /** The number of each listener as it was written. */
  readonly numbers: ReadonlyMap<ConfigMap, number>;
  readonly adoption: Adoption;
}

interface AdoptedClusters {
  readonly clusters: readonly ConfigMap[];
  readonly upstreams: readonly UpstreamAddress[];
}

/** The authority of wsrally's backend, where it is asked over TLS. */
export const backendAuthorityFile = "backend-ca.pem";

export function adoptClusters(terms: ClusterTerms): AdoptedClusters {
  const upstreams: UpstreamAddress[] = [];
  const clusters = clustersOf(terms.tree).map((cluster) => adoptCluster(cluster, upstreams, terms));
  return { clusters, upstreams };
}

const byDns = [
  "dns_refresh_rate",
  "dns_failure_refresh_rate",
  "respect_dns_ttl",
  "dns_lookup_family",
  "dns_resolvers",
  "use_tcp_for_dns_lookups",
  "dns_resolution_config",
  "typed_dns_resolver_config",
  "dns_jitter",
  "wait_for_warm_on_init",
];
const byKind = [
  "cluster_type",
  "eds_cluster_config",
  "original_dst_lb_config",
  "load_balancing_policy",
  "ring_hash_lb_config",
  "maglev_lb_config",
  "lb_subset_config",
  "least_request_lb_config",
  "round_robin_lb_config",
  "lrs_server",
  "upstream_bind_config",
  "transport_socket_matches",
  "transport_socket_matcher",
  "filters",
  "upstream_config",
  "hosts",
  "track_cluster_stats",
  "lrs_report_endpoint_metrics",
  "metadata",
];
const byCheck = ["health_checks", "outlier_detection"];

function adoptCluster(cluster: ConfigMap, upstreams: UpstreamAddress[], terms: ClusterTerms): ConfigMap {
  const { adoption } = terms;
  const name = textAt(cluster, "name") ?? "";
  const type =
    textAt(cluster, "type")?.toUpperCase() ??
    (nodeAt(cluster, "cluster_type") === null ? "STATIC" : "a type of its own");
  if (type !== "STATIC")
    adoption.note(
      `Cluster ${name} is STATIC instead of ${type}: no name is looked up`,
      nodeAt(cluster, "type")?.place ?? cluster.place,
    );
  let changed = leaveOut(cluster, byCheck, "wsrally's backend is there, and is not asked", adoption);
  changed = withoutField(changed, ...byDns, ...byKind, "tracing", "load_assignment");
  if (textAt(changed, "lb_policy")?.toUpperCase() === "CLUSTER_PROVIDED")
    changed = withoutField(changed, "lb_policy");
  changed = withField(changed, "type", nodeOf("STATIC"));
  const secured = adoptSocket(changed, cluster, terms);
  const asksTls = nodeAt(secured, "transport_socket") !== null;
  const endpoints = addressesOf(cluster, upstreams, { ...terms, asksTls, name });
  return withField(
    secured,
    "load_assignment",
    nodeOf({ cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] }),
  );
}

interface EndpointTerms extends ClusterTerms {
  readonly asksTls: boolean;
  readonly name: string;
}

function addressesOf(
  cluster: ConfigMap,
  upstreams: UpstreamAddress[],
  { tree, numbers, adoption, asksTls, name }: EndpointTerms,
): Plain[] {
  const written = endpointsOf(cluster);
  const addresses = written.map((endpoint): ConfigMap => {
    const address = nodeAt(endpoint, "address");
    const hop = listenerAt(tree, address);
    const number = hop === null ? undefined : numbers.get(hop);
    if (hop !== null && (number !== undefined || nodeAt(hop, "internal_listener") !== null))
      return ownAddress(address, number ?? 0);
    const text = addressText(address);
    adoption.note(
      `\`${text}\` of cluster ${name} is wsrally's backend instead`,
      address?.place ?? endpoint.place,
    );
    upstreams.push({ address: text, origin: placeWords(address?.place ?? endpoint.place) });
    return backendAddress(asksTls ? marks.backendTlsPort : marks.backendPort(upstreams.length - 1));
  });
  if (
    addresses.length === 0 &&
    textAt(cluster, "type")?.toUpperCase() !== "STATIC" &&
    textAt(cluster, "type") !== null
  ) {
    adoption.note(
      `Cluster ${name}, which finds its endpoints elsewhere, has wsrally's backend`,
      cluster.place,
    );
    upstreams.push({ address: `cluster ${name}`, origin: placeWords(cluster.place) });
    addresses.push(backendAddress(asksTls ? marks.backendTlsPort : marks.backendPort(0)));
  }
  return addresses.map((address) => ({ endpoint: { address: plainOf(address) } }));
}

/** TLS to wsrally's backend where it speaks it, else none; to a listener of the config's own as it is. */
function adoptSocket(changed: ConfigMap, cluster: ConfigMap, { tree, adoption }: ClusterTerms): ConfigMap {
  const socket = innerSocket(nodeAt(cluster, "transport_socket"), adoption);
  if (socket === null || typeOf(nodeAt(socket, "typed_config")) === "RawBuffer")
    return withoutField(changed, "transport_socket");
  const [endpoint = null] = endpointsOf(cluster);
  const isHop = endpoint !== null && listenerAt(tree, nodeAt(endpoint, "address")) !== null;
  if (adoption.backend.overTls === undefined && !isHop) {
    adoption.note("The server is asked without TLS: wsrally's backend speaks none here", socket.place);
    return withoutField(changed, "transport_socket");
  }
  const config = withMap(socket, "typed_config", (tls) =>
    withMap(tls, "common_tls_context", (context) => adoptTrust(context, isHop, adoption)),
  );
  return withField(changed, "transport_socket", config);
}

const own = [
  "tls_certificates",
  "tls_certificate_sds_secret_configs",
  "tls_certificate_provider_instance",
  "tls_certificate_certificate_provider",
  "tls_certificate_certificate_provider_instance",
  "custom_tls_certificate_selector",
  "key_log",
  "custom_handshaker",
];
const trust = [
  "validation_context",
  "validation_context_sds_secret_config",
  "combined_validation_context",
  "validation_context_certificate_provider",
  "validation_context_certificate_provider_instance",
];

/** Trust in the user's authorities becomes trust in the backend's. */
function adoptTrust(context: ConfigMap, isHop: boolean, adoption: Adoption): ConfigMap {
  const verifies = trust.map((name) => nodeAt(context, name)).find((node) => node !== null);
  const bare = withoutField(leaveOut(context, own, "the server is wsrally's backend", adoption), ...trust);
  if (verifies === undefined || verifies === null || isHop) return bare;
  adoption.note(
    "The server's certificate is checked by the authority of wsrally's backend instead",
    verifies.place,
  );
  return withField(bare, "validation_context", mapOf({ trusted_ca: { filename: backendAuthorityFile } }));
}

/** What a wrapper holds: a PROXY line, or a tap, is for whom it was written for. */
function innerSocket(socket: ConfigNode | null, adoption: Adoption): ConfigMap | null {
  if (socket?.kind !== "map") return null;
  const config = nodeAt(socket, "typed_config");
  const inner = nodeAt(config, "transport_socket");
  if (inner === null) return socket;
  adoption.note(
    `The transport socket ${typeOf(config)} was left out: what it wraps stands in its place`,
    socket.place,
  );
  return innerSocket(inner, adoption);
}
