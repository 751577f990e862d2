/**
 * Moves every listener of a config to a free port of loopback, with the run's own certificate. The one that is measured has
 * number 0.
 */

import { type ConfigMap, type ConfigNode, mapOf, nodeOf } from "../../tree/config-node.js";
import {
  itemsAt,
  nodeAt,
  numberAt,
  textAt,
  typeOf,
  withField,
  withItems,
  withMap,
  withoutField,
} from "../language/config-node.js";
import { addressText, isDatagram, listenersOf } from "../route/listeners.js";
import { listenAddress } from "../run/config-marks.js";
import { certificateFile, keyFile } from "../run/template.js";
import { adoptManager } from "./adopt-manager.js";
import { adoptNetworkFilters } from "./adopt-network-filters.js";
import { type Adoption, leaveOut } from "./adoption.js";

interface AdoptedListeners {
  readonly listeners: readonly ConfigMap[];
  readonly listenCount: number;
  /** The number of each listener as it was written. */
  readonly numbers: ReadonlyMap<ConfigMap, number>;
  readonly asksTls: boolean;
}

/** @param measured as it is written; null where there is none */
export function adoptListeners(
  tree: ConfigMap,
  measured: ConfigMap | null,
  adoption: Adoption,
): AdoptedListeners {
  const numbers = new Map<ConfigMap, number>();
  const kept = listenersOf(tree).filter((listener) => {
    if (!isDatagram(listener)) return true;
    adoption.note("A listener for UDP was left out: no WebSocket goes over it here", listener.place);
    return false;
  });
  let next = 1;
  for (const listener of kept) {
    const isInternal = nodeAt(listener, "internal_listener") !== null;
    if (!isInternal) numbers.set(listener, listener === measured ? 0 : next++);
  }
  const terms = { adoption, asksTls: false };
  const listeners = kept.map((listener) => adoptListener(listener, numbers.get(listener) ?? null, terms));
  return { listeners, listenCount: Math.max(next, 1), numbers, asksTls: terms.asksTls };
}

interface Terms {
  readonly adoption: Adoption;
  /** Set once a listener speaks TLS. */
  asksTls: boolean;
}

const byAddress = "it is told apart by an address that it has not here";

function adoptListener(listener: ConfigMap, number: number | null, terms: Terms): ConfigMap {
  const { adoption } = terms;
  let changed = listener;
  if (number !== null) {
    const written = nodeAt(listener, "address");
    adoption.note(
      `The listener at ${addressText(written)} is a free port of 127.0.0.1 instead`,
      written?.place ?? null,
    );
    changed = withField(changed, "address", listenAddress(number));
  }
  changed = leaveOut(changed, ["additional_addresses"], "one address is measured", adoption);
  changed = leaveOut(
    changed,
    ["use_original_dst", "transparent", "freebind", "bind_to_port", "api_listener", "udp_listener_config"],
    byAddress,
    adoption,
  );
  changed = withItems(changed, "socket_options", (option) => keptSocketOption(option, adoption));
  if (itemsAt(changed, "socket_options").length === 0) changed = withoutField(changed, "socket_options");
  changed = withItems(changed, "access_log", () => []);
  changed = withItems(changed, "listener_filters", (filter) => keptListenerFilter(filter, adoption));
  changed = withItems(changed, "filter_chains", (chain) => [adoptChain(chain, terms)]);
  return withMap(changed, "default_filter_chain", (chain) => adoptChain(chain, terms) as ConfigMap);
}

/** TCP_NODELAY, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_DEFER_ACCEPT, TCP_QUICKACK, TCP_USER_TIMEOUT of linux/tcp.h. */
const keptTcpOptions = new Set([1, 4, 5, 6, 9, 12, 18]);
const tcpLevel = 6;

/** What is left of SOL_SOCKET and others names interfaces, marks and addresses. */
function keptSocketOption(option: ConfigNode, { note }: Adoption): readonly ConfigNode[] {
  const [level, name] = [numberAt(option, "level"), numberAt(option, "name")];
  if (level === tcpLevel && name !== null && keptTcpOptions.has(name)) return [option];
  note(`The socket option ${name ?? "?"} of level ${level ?? "?"} was left out: ${byAddress}`, option.place);
  return [];
}

const listenerFilters: Readonly<Record<string, string>> = {
  OriginalDst: byAddress,
  OriginalSrc: "the client is the generator",
  ProxyProtocol: "the generator connects as clients do, without a PROXY line",
};

function keptListenerFilter(filter: ConfigNode, { note }: Adoption): readonly ConfigNode[] {
  const type = typeOf(nodeAt(filter, "typed_config")) ?? "";
  const why = listenerFilters[type];
  if (why === undefined) return [filter];
  note(`The listener filter ${type} was left out: ${why}`, filter.place);
  return [];
}

function adoptChain(chain: ConfigNode, terms: Terms): ConfigNode {
  if (chain.kind !== "map") return chain;
  const { adoption } = terms;
  const matched = withMap(chain, "filter_chain_match", (match) =>
    leaveOut(
      match,
      [
        "destination_port",
        "prefix_ranges",
        "address_suffix",
        "suffix_len",
        "direct_source_prefix_ranges",
        "source_prefix_ranges",
        "source_ports",
        "source_type",
      ],
      byAddress,
      adoption,
    ),
  );
  const socketed = withMap(matched, "transport_socket", (socket) => adoptSocket(socket, terms));
  return adoptNetworkFilters(socketed, adoption, (manager) => adoptManager(manager, adoption));
}

/** A downstream transport socket: TLS with the run's certificate; a wrapper around one is taken off. */
function adoptSocket(socket: ConfigMap, terms: Terms): ConfigMap {
  const { adoption } = terms;
  const config = nodeAt(socket, "typed_config");
  const inner = nodeAt(config, "transport_socket");
  if (inner?.kind === "map") {
    adoption.note(
      `The transport socket ${typeOf(config)} was left out: what it wraps stands in its place`,
      socket.place,
    );
    return adoptSocket(inner, terms);
  }
  if (config?.kind !== "map" || typeOf(config) !== "DownstreamTlsContext") return socket;
  terms.asksTls = true;
  const asked =
    adoption.keepsAccess && adoption.confinedTo === null
      ? config
      : leaveOut(config, ["require_client_certificate"], "the generator has no client certificate", adoption);
  const tls = leaveOut(
    asked,
    ["session_ticket_keys_sds_secret_config", "session_ticket_keys", "ocsp_staple_policy", "require_sni"],
    "the certificate is the run's own",
    adoption,
  );
  return withField(
    socket,
    "typed_config",
    withMap(tls, "common_tls_context", (context) => adoptContext(context, adoption)),
  );
}

const certificateFields = [
  "tls_certificates",
  "tls_certificate_sds_secret_configs",
  "tls_certificate_provider_instance",
  "tls_certificate_certificate_provider",
  "tls_certificate_certificate_provider_instance",
  "custom_tls_certificate_selector",
];
const clientFields = [
  "validation_context",
  "validation_context_sds_secret_config",
  "combined_validation_context",
  "validation_context_certificate_provider",
  "validation_context_certificate_provider_instance",
];

function adoptContext(context: ConfigMap, adoption: Adoption): ConfigMap {
  const place = certificateFields.map((name) => nodeAt(context, name)?.place).find(Boolean) ?? context.place;
  adoption.note("The listener's certificate is the run's own instead", place);
  const keepsClients =
    adoption.keepsAccess && adoption.confinedTo === null && nodeAt(context, "validation_context") !== null;
  const withoutClients = keepsClients
    ? withoutField(context, ...clientFields.slice(1))
    : leaveOut(context, clientFields, "the generator has no client certificate", adoption);
  const bare = withoutField(withoutClients, ...certificateFields, "key_log", "custom_handshaker");
  return withField(
    bare,
    "tls_certificates",
    nodeOf([{ certificate_chain: { filename: certificateFile }, private_key: { filename: keyFile } }]),
  );
}

/** Where a cluster connects to one of the config's own listeners. */
export function ownAddress(address: ConfigNode | null, number: number): ConfigMap {
  const name = textAt(address, "envoy_internal_address", "server_listener_name");
  return name === null
    ? listenAddress(number)
    : mapOf({ envoy_internal_address: { server_listener_name: name } });
}
