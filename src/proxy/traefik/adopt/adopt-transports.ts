/**
 * How servers are asked, in the copy: trust in the user's authorities becomes trust in the backend's, and a name that a server
 * was asked for over TLS is still asked for, though its address is another one.
 */
import { type ConfigEntry, type ConfigMap, mapOf, nodeOf } from "../../tree/config-node.js";
import { mapAt, nodeAt, textAt, withField, withItems, withoutField } from "../language/fields.js";
import { transportOf } from "../route/parts.js";
import { withCopies, withCopy } from "./adopt-middlewares.js";
import { type Adoption, leaveOut } from "./adoption.js";

/** The authority of wsrally's backend, where it is asked over TLS. */
export const backendAuthorityFile = "backend-ca.pem";

/** Those that are made for servers which are asked over TLS. */
export interface OwnTransports {
  readonly entries: ConfigEntry[];
}

export function adoptTransport(transport: ConfigMap, adoption: Adoption): ConfigMap {
  if (adoption.keepsUpstream)
    return withItems(withCopies(transport, "rootCAs", adoption), "certificates", (one) => [
      one.kind === "map" ? withCopy(withCopy(one, "certFile", adoption), "keyFile", adoption) : one,
    ]);
  const bare = leaveOut(
    transport,
    ["certificates", "peerCertURI", "spiffe"],
    "the server is wsrally's backend",
    adoption,
  );
  const trust = nodeAt(bare, "rootCAs") ?? nodeAt(bare, "certFiles");
  if (trust === null) return bare;
  adoption.note(
    "The server's certificate is checked by the authority of wsrally's backend instead",
    trust.place,
  );
  const without = withoutField(bare, "rootCAs", "certFiles");
  return adoption.backend.overTls === undefined
    ? without
    : withField(without, "rootCAs", nodeOf([backendAuthorityFile]));
}

/** Name of a transport for a service whose servers are asked over TLS by a name. */
export function ownTransport(
  balancer: ConfigMap,
  host: string,
  own: OwnTransports,
  adoption: Adoption,
): string {
  const written = transportOf(adoption.read, balancer);
  const settings = written === null ? null : "key" in written ? mapAt(written.value) : written;
  const adopted = adoptTransport(settings ?? mapOf({}), { ...adoption, note: () => undefined });
  const trusting = withField(adopted, "rootCAs", nodeOf([backendAuthorityFile]));
  const isNamed = textAt(trusting, "serverName") !== null || /^[\d.]+$|:/.test(host) || host === "";
  const value = isNamed ? trusting : withField(trusting, "serverName", nodeOf(host));
  const key = `wsrally-tls-${own.entries.length}`;
  own.entries.push({ key, value, place: null });
  return key;
}
