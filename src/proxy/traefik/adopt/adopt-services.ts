/**
 * wsrally's backend in place of every server, by the scheme that it is written with: what is none Traefik has words for.
 */
import { placeWords } from "../../../diagnosis/quote.js";
import { addressMarks, backendMark } from "../../instance/address-marks.js";
import {
  type ConfigEntry,
  type ConfigMap,
  type ConfigNode,
  mapOf,
  mapsIn,
  nodeOf,
} from "../../tree/config-node.js";
import {
  entryOf,
  mapAt,
  nodeAt,
  textAt,
  withField,
  withItems,
  withMap,
  withNamed,
  withoutField,
} from "../language/fields.js";
import { serviceNamed } from "../route/parts.js";
import { type OwnTransports, ownTransport } from "./adopt-transports.js";
import { type Adoption, leaveOut } from "./adoption.js";

const byCheck = ["healthCheck", "passiveHealthCheck"];
const notAsked = "wsrally's backend is there, and is not asked";

export function adoptServices(section: ConfigMap, transports: OwnTransports, adoption: Adoption): ConfigMap {
  return withNamed(section, "services", ({ key, value }) =>
    value.kind === "map" ? adoptService(key, value, transports, adoption) : value,
  );
}

function adoptService(
  name: string,
  service: ConfigMap,
  transports: OwnTransports,
  adoption: Adoption,
): ConfigMap {
  const failover = mapAt(service, "failover");
  const [main, isWatched] = [textAt(failover, "service"), isCheckedIn(adoption, failover)];
  if (main !== null && isWatched) {
    adoption.note(
      "`failover` is its service alone: wsrally's backend does not fail",
      failover?.place ?? null,
    );
    return mapOf({ weighted: { services: [{ name: main }] } });
  }
  let changed = withMap(service, "loadBalancer", (balancer) =>
    adoptBalancer(name, balancer, transports, adoption),
  );
  for (const type of ["weighted", "highestRandomWeight", "mirroring"])
    changed = withMap(changed, type, (inner) => leaveOut(inner, byCheck, notAsked, adoption));
  return withMap(changed, "mirroring", (mirroring) =>
    leaveOut(mirroring, ["mirrors"], "a copy of a request goes nowhere", adoption),
  );
}

/** Without a check of its service Traefik refuses a `failover`, and is to do so. */
function isCheckedIn({ read }: Adoption, failover: ConfigMap | null): boolean {
  const name = textAt(failover, "service");
  const service = name === null ? null : serviceNamed(read, name);
  return [...(service === null ? [] : mapsIn(service.value))].some(
    (map) => nodeAt(map, "healthCheck") !== null,
  );
}

function adoptBalancer(
  name: string,
  balancer: ConfigMap,
  transports: OwnTransports,
  adoption: Adoption,
): ConfigMap {
  const bare = leaveOut(balancer, byCheck, notAsked, adoption);
  const tlsHosts: string[] = [];
  const served = withItems(bare, "servers", (server) => [adoptServer(name, server, tlsHosts, adoption)]);
  const [host] = tlsHosts;
  if (host === undefined) return served;
  return withField(served, "serversTransport", nodeOf(ownTransport(balancer, host, transports, adoption)));
}

function adoptServer(name: string, server: ConfigNode, tlsHosts: string[], adoption: Adoption): ConfigNode {
  if (server.kind !== "map") return server;
  const isTcp = textAt(server, "url") === null;
  const entry = entryOf(server, "url") ?? entryOf(server, "address");
  const text = textAt(server, "url") ?? textAt(server, "address");
  if (entry === null || text === null) return server;
  const [, scheme = "", host = text, port = null] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*?)(:\d+)?(?:[/?#].*)?$/i.exec(text) ?? [];
  const usual = /^(?:https|wss)$/i.test(scheme) ? ":443" : ":80";
  const address = isTcp ? text : `${host}${port ?? usual}`;
  adoption.note(
    `\`${text}\` of the service ${name} is wsrally's backend instead`,
    entry.place ?? server.place,
  );
  adoption.upstreams.push({ address, origin: placeWords(entry.place ?? server.place) });
  const backend = backendMark(adoption.upstreams.length - 1);
  if (isTcp) return withField(withoutTls(server, adoption), "address", nodeOf(backend));
  if (!/^https$/i.test(scheme))
    return withField(server, "url", nodeOf(`${scheme}://${backend}${pathOf(text)}`));
  if (adoption.backend.overTls === undefined) {
    adoption.note("The server is asked without TLS: wsrally's backend speaks none here", entry.place);
    return withField(server, "url", nodeOf(`http://${backend}`));
  }
  tlsHosts.push(host);
  return withField(server, "url", nodeOf(`https://${addressMarks.backendTls}${pathOf(text)}`));
}

/** A server's own path counts where `preservePath` says so. */
function pathOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(\/[^?#]*)?/i.exec(url)?.[1] ?? "";
}

function withoutTls(server: ConfigMap, { note }: Adoption): ConfigMap {
  const entry: ConfigEntry | null = entryOf(server, "tls");
  if (entry === null) return server;
  note("The server is asked without TLS: wsrally's backend speaks none here", entry.place);
  return withoutField(server, "tls");
}
