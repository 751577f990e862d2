/**
 * Parts of a config that a probe looks at: endpoints and how they are asked, what may turn a client away, certificates.
 */
import type { UpstreamTls, WrittenConfig, WrittenUpstream } from "../../../diagnosis/written-config.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { entryOf, isTrueAt, itemsAt, nodeAt, textAt, typeOf } from "../language/config-node.js";
import { endpointsOf } from "../route/follow-route.js";
import { addressText, mapsAt, socketAddress } from "../route/listeners.js";
import { comparedHost, domainsOf } from "../route/select-host.js";
import type { ConfigView } from "./config-view.js";
import { accessFilters } from "./explain-answer.js";
import { upstreamTls } from "./explain-tls.js";
import { quoteOf } from "./quotes.js";

export function upstreamsOf({ clusters }: ConfigView): readonly WrittenUpstream[] {
  return clusters.flatMap((cluster) =>
    endpointsOf(cluster).map((endpoint) => {
      const address = nodeAt(endpoint, "address");
      const text = addressText(address);
      const place = address?.place ?? endpoint.place;
      return { address: text, tls: upstreamTls(cluster) !== null, quote: { text, place } };
    }),
  );
}

/** Of the first cluster that is asked over TLS. Envoy verifies nothing unless it is told by whom. */
export function upstreamTlsOf({ clusters }: ConfigView): UpstreamTls | null {
  const cluster = clusters.find((one) => upstreamTls(one) !== null);
  const tls = upstreamTls(cluster ?? null);
  if (cluster === undefined || tls === null) return null;
  const context = nodeAt(tls, "common_tls_context");
  const validation =
    nodeAt(context, "validation_context") ??
    nodeAt(context, "combined_validation_context", "default_validation_context");
  const sni = textAt(tls, "sni");
  const sans = itemsAt(validation, "match_typed_subject_alt_names").flatMap(
    (one) => textAt(one, "matcher", "exact") ?? [],
  );
  const name = sans[0] ?? sni ?? "";
  return {
    verify:
      validation === null
        ? null
        : (quoteOf(context, "validation_context") ?? quoteOf(context, "combined_validation_context")),
    name,
    names: [...new Set([...sans, ...(sni === null ? [] : [sni])])],
    sendsName: sni !== null,
    offersCertificate: ["tls_certificates", "tls_certificate_sds_secret_configs"].some(
      (name) => nodeAt(context, name) !== null,
    ),
    authorities: textAt(validation, "trusted_ca", "filename"),
  };
}

/** Filters that look at who a client is, and client certificates. */
export function accessRules({ route }: ConfigView): WrittenConfig["access"] {
  return (route?.stages ?? []).flatMap((stage) => {
    const filters = accessFilters(stage).map((filter) => ({
      text: typeOf(nodeAt(filter, "typed_config")) ?? "",
      place: filter.place,
      isAsked: false,
    }));
    const tls = nodeAt(stage.chain, "transport_socket", "typed_config");
    const quote = isTrueAt(tls, "require_client_certificate")
      ? quoteOf(tls, "require_client_certificate")
      : null;
    return quote === null ? filters : [...filters, { ...quote, isAsked: false }];
  });
}

export function certificatesOf({ first }: ConfigView): WrittenConfig["certificates"] {
  const context = nodeAt(first?.chain ?? null, "transport_socket", "typed_config", "common_tls_context");
  const names = itemsAt(first?.chain ?? null, "filter_chain_match", "server_names").flatMap((item) =>
    item.kind === "scalar" ? String(item.value) : [],
  );
  return mapsAt(context, "tls_certificates").flatMap((one) => {
    const chain = nodeAt(one, "certificate_chain");
    const entry = entryOf(chain, "filename");
    const file = textAt(chain, "filename");
    const quote = quoteOf(chain, "filename");
    return file === null || entry === null || quote === null ? [] : [{ file, names, quote }];
  });
}

/**
 * That a browser writes into Host: the listener's own where any port is taken, or where it is this machine that is named;
 * behind something else it is that one's.
 */
export function writtenPort({ first, route }: ConfigView): number | null {
  const port = socketAddress(nodeAt(first?.listener ?? null, "address"))?.port ?? null;
  if (port === null || route === null || port === (route.tls ? 443 : 80)) return null;
  return isDirect(first?.virtualHost ?? null, route.host) || takesAnyPort(first) ? port : null;
}

function isDirect(virtualHost: ConfigMap | null, host: string | null): boolean {
  if (host !== null && /:\d+$/.test(host)) return false;
  return host === null || (virtualHost !== null && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host));
}

function takesAnyPort(first: ConfigView["first"]): boolean {
  if (first?.manager == null || first.routes === null || first.virtualHost === null) return false;
  const strips = comparedHost("a:1", { manager: first.manager, routes: first.routes }) === "a";
  return strips || domainsOf(first.virtualHost).includes("*");
}
