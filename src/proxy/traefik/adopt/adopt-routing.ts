/**
 * The routes of the copy: routers as they are, but for who would be asked for a certificate; wsrally's backend behind them; the
 * run's certificate; and a router of wsrally's that tells when they are in force.
 */
import { type ConfigEntry, type ConfigMap, mapOf, nodeOf } from "../../tree/config-node.js";
import { entryOf, mapAt, withField, withMap, withNamed, withoutField } from "../language/fields.js";
import { certificateFile, keyFile, readyPath } from "../run/template.js";
import { readyEntryPoint, withoutResolver } from "./adopt-install.js";
import { adoptMiddlewares, type LeftOut, withCopies, withoutLeftOut } from "./adopt-middlewares.js";
import { adoptServices } from "./adopt-services.js";
import { adoptTransport, type OwnTransports } from "./adopt-transports.js";
import { type Adoption, leaveOut } from "./adoption.js";

export interface RoutingTerms {
  readonly leftOut: LeftOut;
  readonly transports: OwnTransports;
  readonly adoption: Adoption;
}

export function adoptRouting({ leftOut, transports, adoption }: RoutingTerms): ConfigMap {
  const { read, keepsUpstream } = adoption;
  let tree = leaveOut(read.routing, ["udp"], "no WebSocket goes over UDP here", adoption);
  const written = mapAt(tree, "http");
  let http = adoptRouters(written ?? mapOf({}), leftOut, adoption);
  http = adoptMiddlewares(http, leftOut, adoption);
  http = withNamed(http, "serversTransports", ({ value }) =>
    value.kind === "map" ? kept(adoptTransport(value, adoption), "insecureSkipVerify") : value,
  );
  if (!keepsUpstream) {
    http = adoptServices(http, transports, adoption);
    tree = withMap(tree, "tcp", (tcp) =>
      adoptServices(withoutTcpTransports(tcp, adoption), transports, adoption),
    );
  }
  tree = withMap(tree, "tcp", (tcp) => adoptRouters(tcp, leftOut, adoption));
  http = added(http, "serversTransports", transports.entries);
  http = added(http, "routers", [{ key: readyEntryPoint, place: null, value: readyRouter }]);
  return withField(withField(tree, "http", http), "tls", adoptTls(mapAt(tree, "tls") ?? mapOf({}), adoption));
}

const readyRouter = nodeOf({
  rule: `Path(\`${readyPath(1)}\`)`,
  ruleSyntax: "v3",
  service: "ping@internal",
  entryPoints: [readyEntryPoint],
});

function added(section: ConfigMap, field: string, entries: readonly ConfigEntry[]): ConfigMap {
  if (entries.length === 0) return section;
  const old = mapAt(section, field);
  return withField(section, field, {
    kind: "map",
    place: old?.place ?? null,
    entries: [...(old?.entries ?? []), ...entries],
  });
}

function adoptRouters(section: ConfigMap, leftOut: LeftOut, adoption: Adoption): ConfigMap {
  return withNamed(section, "routers", ({ value }) =>
    value.kind === "map" ? withoutLeftOut(withoutResolver(value, adoption), leftOut) : value,
  );
}

function withoutTcpTransports(tcp: ConfigMap, adoption: Adoption): ConfigMap {
  const bare = leaveOut(tcp, ["serversTransports"], "wsrally's backend speaks plain TCP", adoption);
  return withNamed(bare, "services", ({ value }) =>
    value.kind === "map"
      ? withMap(value, "loadBalancer", (one) => withoutField(one, "serversTransport", "proxyProtocol"))
      : value,
  );
}

/** The run's certificate for every name; which clients have to show one of theirs a measurement takes out of the way. */
function adoptTls(tls: ConfigMap, adoption: Adoption): ConfigMap {
  const place = entryOf(tls, "certificates")?.place ?? entryOf(tls, "stores")?.place ?? null;
  if (place !== null) adoption.note("The certificate is the run's own instead", place);
  const bare = withoutField(tls, "certificates", "stores");
  const opened = withNamed(bare, "options", ({ value }) =>
    value.kind === "map" ? kept(adoptOptions(value, adoption), "sniStrict") : value,
  );
  return withField(
    opened,
    "stores",
    mapOf({ default: { defaultCertificate: { certFile: certificateFile, keyFile } } }),
  );
}

/** What is named elsewhere stays, and Traefik takes nothing that is empty. @param off a switch that is off by default */
function kept(map: ConfigMap, off: string): ConfigMap {
  return map.entries.length === 0 ? withField(map, off, nodeOf("false")) : map;
}

function adoptOptions(options: ConfigMap, adoption: Adoption): ConfigMap {
  const open = leaveOut(options, ["sniStrict"], "the generator's name is not one of the config's", adoption);
  if (!adoption.keepsAccess || adoption.confinedTo !== null)
    return leaveOut(open, ["clientAuth"], "the generator has no client certificate", adoption);
  return withMap(open, "clientAuth", (client) => withCopies(client, "caFiles", adoption));
}
