/**
 * Parts of a config that a probe looks at: servers and how they are asked, what may turn a client away, certificates.
 */
import type { UpstreamTls, WrittenConfig, WrittenUpstream } from "../../../diagnosis/written-config.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { entryOf, isTrueAt, mapAt, mapsAt, nodeAt, textAt, textsAt } from "../language/fields.js";
import { type Server, serversOf } from "../route/follow-route.js";
import { bareName, transportOf } from "../route/parts.js";
import { type ConfigView, middlewaresOfType, quoteOf } from "./config-view.js";

interface WrittenServer extends Server {
  readonly balancer: ConfigMap;
}

function servers({ way }: ConfigView): WrittenServer[] {
  return (way?.balancers ?? []).flatMap((balancer) =>
    serversOf(balancer).map((server) => ({ ...server, balancer })),
  );
}

function isTls(url: string): boolean {
  return /^https:/i.test(url);
}

/** `app:3000` of `http://app:3000/x`. */
export function addressOf(url: string): string {
  const [, scheme = "", host = url, port] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*?)(:\d+)?(?:[/?#].*)?$/i.exec(url) ?? [];
  if (scheme === "") return url;
  return `${host}${port ?? (isTls(url) ? ":443" : ":80")}`;
}

export function upstreamsOf(view: ConfigView): readonly WrittenUpstream[] {
  return servers(view).map(({ url, node }) => {
    const place = (entryOf(node, "url") ?? entryOf(node, "address"))?.place ?? node.place;
    return { address: addressOf(url), tls: isTls(url), quote: { text: url, place } };
  });
}

/** Of the first service that is asked over TLS. Traefik verifies unless it is told not to, by the name that it asks for. */
export function upstreamTlsOf(view: ConfigView): UpstreamTls | null {
  const found = servers(view).find(({ url }) => isTls(url));
  if (found === undefined) return null;
  const transport = transportOf(view.read, found.balancer);
  const settings = transport === null ? null : "key" in transport ? mapAt(transport.value) : transport;
  const serverName = textAt(settings, "serverName");
  const host = addressOf(found.url).replace(/:\d+$/, "");
  const name = serverName ?? host;
  const [authorities = null] = [...textsAt(settings, "rootCAs"), ...textsAt(settings, "certFiles")];
  const place = entryOf(found.node, "url")?.place ?? found.node.place;
  return {
    verify: isTrueAt(settings, "insecureSkipVerify") ? null : { text: found.url, place },
    name,
    names: [name],
    // An address is no name that may be sent (RFC 6066).
    sendsName: !/^[\d.]+$|:/.test(name),
    offersCertificate: nodeAt(settings, "certificates") !== null,
    authorities: authorities === null || authorities.includes("-----BEGIN") ? null : authorities,
  };
}

/** Middlewares that look at who a client is, and client certificates. */
export function accessRules(view: ConfigView): WrittenConfig["access"] {
  const rules = middlewaresOfType(
    view,
    "basicauth",
    "digestauth",
    "forwardauth",
    "ipallowlist",
    "ipwhitelist",
  ).map(({ entry, type }) => ({
    text: `${entry.key}: ${entryNameOf(entry.value.kind === "map" ? entry.value : null) ?? type}`,
    place: entry.place,
    isAsked: type === "forwardauth",
  }));
  const clients = clientAuth(view);
  return clients === null ? rules : [...rules, { ...clients, isAsked: false }];
}

function entryNameOf(map: ConfigMap | null): string | null {
  return map?.entries[0]?.key ?? null;
}

function clientAuth({ read, route, way }: ConfigView): ReturnType<typeof quoteOf> {
  if (route === null || !route.tls) return null;
  const name = bareName(textAt(way?.router.entry.value ?? null, "tls", "options") ?? "default");
  const client = nodeAt(read.routing, "tls", "options", name, "clientAuth");
  const type = textAt(client, "clientAuthType") ?? "";
  return /^(?:RequireAnyClientCert|RequireAndVerifyClientCert)$/i.test(type)
    ? quoteOf(client, "clientAuthType")
    : null;
}

export function certificatesOf({ read, route }: ConfigView): WrittenConfig["certificates"] {
  if (route === null || !route.tls) return [];
  const names = route.host === null ? [] : [route.host];
  return mapsAt(read.routing, "tls", "certificates").flatMap((one) => {
    const file = textAt(one, "certFile");
    const quote = quoteOf(one, "certFile");
    return file === null || quote === null || file.includes("-----BEGIN") ? [] : [{ file, names, quote }];
  });
}

/** That a browser writes into Host: the entry point's own where it is this machine that is named, or any host is taken. */
export function writtenPort({ route }: ConfigView): number | null {
  const port = route?.entryPoint.port ?? null;
  if (route === null || port === null || port === (route.tls ? 443 : 80)) return null;
  return route.host === null || /^(?:localhost|127\.\d+\.\d+\.\d+)$/.test(route.host) ? port : null;
}
