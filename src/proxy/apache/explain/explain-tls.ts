/**
 * Why TLS fails between Apache and a backend, or between a client and Apache.
 */
import type { DistrustedUpstream, Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Node, quoteOf, written } from "../language/config-tree.js";
import { isTls } from "../route/target.js";
import { type ConfigView, effectiveLine, membersOf } from "./config-view.js";
import { isEngineOn } from "./explain-backend.js";

export function explainUpstreamTls(
  view: ConfigView,
  { seen }: Extract<Symptom, { kind: "upstream-tls-failed" }>,
): Explanation | null {
  const member = membersOf(view).find(({ target }) => isTls(target.scheme));
  if (member === undefined) return null;
  if (!isEngineOn(view)) return engineOff(member.node);
  if (seen !== null && seen.why !== "handshake") return distrusts(view, member.node, seen);
  const verify = effectiveLine(view, "sslproxyverify");
  const authority = effectiveLine(view, "sslproxycacertificatefile");
  const isChecked = /^require$/i.test(verify?.args[0] ?? "");
  return {
    cause: isChecked
      ? `${written(verify as Node)} refuses the backend's certificate${authority === null ? ", and no SSLProxyCACertificateFile says whom to trust" : ` (${written(authority)})`}`
      : `the TLS handshake with ${written(member.node)} fails`,
    cure: isChecked
      ? "the authority that signed it, and a name that it is for:\nSSLProxyCACertificateFile FILE"
      : "compare SSLProxyProtocol and SSLProxyCipherSuite with what the backend speaks",
    quotes: [quoteOf(member.node)],
  };
}

function engineOff(node: Node): Explanation {
  return {
    cause: `${written(node)} is asked over TLS, and \`SSLProxyEngine\` is off in its server, as it is by default: 500`,
    cure: "in the virtual host:\nSSLProxyEngine On",
    quotes: [quoteOf(node)],
  };
}

function distrusts(
  view: ConfigView,
  node: Node,
  { address, why, words, wanted }: DistrustedUpstream,
): Explanation {
  const line = effectiveLine(view, "sslproxyverify") ?? effectiveLine(view, "sslproxycheckpeername");
  const by = line === null ? "" : `${written(line)}: `;
  const title = `Apache would not trust the certificate of ${address}`;
  const quotes = [quoteOf(line ?? node)];
  switch (why) {
    case "expired":
      return {
        title,
        cause: `${by}the certificate has expired, and Apache answers 500`,
        cure: "renew the backend's certificate",
        quotes,
      };
    case "authority":
      return {
        title,
        cause: `${by}the certificate's authority is not among those that Apache trusts (${words}), and it answers 500`,
        cure: "the authority that signed it:\nSSLProxyCACertificateFile FILE",
        quotes,
      };
    default:
      return {
        title,
        cause: `${by}the certificate is for ${words}, and Apache looks for ${wanted}`,
        cure: "a name that it has in ProxyPass; or, where the name does not matter:\nSSLProxyCheckPeerName Off",
        quotes,
      };
  }
}

export function explainUpstreamScheme(
  view: ConfigView,
  { asked, address }: Extract<Symptom, { kind: "upstream-scheme" }>,
): Explanation | null {
  const member = membersOf(view).find(({ target }) => target.address === address) ?? membersOf(view)[0];
  if (member === undefined) return null;
  const quotes = [quoteOf(member.node)];
  if (asked === "plain")
    return {
      cause: `${written(member.node)} asks ${address} plainly, and it speaks TLS`,
      cure: "wss:// or https:// there, and:\nSSLProxyEngine On",
      quotes,
    };
  return {
    cause: `${written(member.node)} asks ${address} over TLS, and it speaks none: 500`,
    cure: `${member.target.scheme.replace(/s$/, "")}:// in its place, or the backend's TLS port`,
    quotes,
  };
}

/** Apache sends the name that it asks for, unless that is an address. */
export function explainUnnamed(view: ConfigView, name: string): Explanation | null {
  const member = membersOf(view).find(({ target }) => isTls(target.scheme));
  if (member === undefined) return null;
  return {
    cause: `${written(member.node)} names an address, and Apache sends no name with the TLS handshake for one`,
    cure: `the name, ${name}, in its place, or:\nProxyPreserveHost On`,
    quotes: [quoteOf(member.node)],
  };
}

/** The handshake of a client with the virtual host failed. */
export function explainClientTls(view: ConfigView): Explanation | null {
  const verify = effectiveLine(view, "sslverifyclient");
  const asks = verify !== null && /^(?:require|optional_no_ca)$/i.test(verify.args[0] ?? "");
  const protocol = effectiveLine(view, "sslprotocol") ?? effectiveLine(view, "sslciphersuite");
  const line = asks ? verify : protocol;
  if (line === null) return null;
  return {
    cause: asks
      ? `${written(line)} asks for a client certificate, which browsers seldom have`
      : `the virtual host and the client find no common ground (${written(line)})`,
    cure: asks
      ? "SSLVerifyClient optional, or none for the WebSocket's virtual host"
      : "SSLProtocol all -SSLv3 -TLSv1 -TLSv1.1",
    quotes: [quoteOf(line)],
  };
}
