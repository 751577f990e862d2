/**
 * Why TLS between HAProxy and a server fails, or is spoken where it is not expected.
 */
import type { DistrustedUpstream, Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import type { ConfigLine } from "../language/config-tree.js";
import { type ConfigView, globalLine, quoteOf, serverParameter, written } from "./config-view.js";

export function explainUpstreamTls(
  view: ConfigView,
  { log, seen }: Extract<Symptom, { kind: "upstream-tls-failed" }>,
): Explanation | null {
  const server = view.servers.find((one) => serverParameter(view, one, "ssl") !== null);
  if (server === undefined) return null;
  if (seen !== null && seen.why !== "handshake") return distrusts(view, server, seen);
  const words = log.map(({ line }) => line).join(" ");
  const verify = serverParameter(view, server, "verify");
  const sni = serverParameter(view, server, "sni");
  const quotes = [quoteOf(server)];
  if (
    /certificate verify failed|unable to get|self.signed|expired/i.test(words) ||
    (verify !== null && verify.value !== "none")
  )
    return {
      cause: `${written(verify?.line ?? server)} refuses the server's certificate${sni === null ? "; no `sni` is sent, so that a server of several names shows its first one" : ""}`,
      cure: "the authority that signed it, and the name that it is for:\nssl verify required ca-file FILE sni str(NAME) verifyhost NAME",
      quotes,
    };
  const versions =
    serverParameter(view, server, "ssl-max-ver") ?? serverParameter(view, server, "ssl-min-ver");
  const options = globalLine(view, "ssl-default-server-options");
  return {
    cause: `the TLS handshake with ${written(server)} fails${versions === null && options === null ? "" : ` (${written(versions?.line ?? (options as NonNullable<typeof options>))})`}`,
    cure:
      sni === null
        ? "most servers of several names want to know the name first:\nsni str(NAME)"
        : "compare versions and ciphers at both ends",
    quotes,
  };
}

export function explainUpstreamScheme(
  view: ConfigView,
  { asked, address }: Extract<Symptom, { kind: "upstream-scheme" }>,
): Explanation | null {
  const server = view.servers.find(({ args }) => args.includes(address)) ?? view.servers[0];
  if (server === undefined) return null;
  const tls = serverParameter(view, server, "ssl");
  return asked === "tls"
    ? {
        cause: `\`ssl\` in ${written(tls?.line ?? server)}, and ${address} speaks no TLS`,
        cure: "without `ssl`, or the server's TLS port",
        quotes: [quoteOf(server)],
      }
    : {
        cause: `${written(server)} has no \`ssl\`, and ${address} speaks TLS`,
        cure: "ssl verify required ca-file FILE sni str(NAME)",
        quotes: [quoteOf(server)],
      };
}

/** What HAProxy would not trust of the certificate that a server shows. */
function distrusts(view: ConfigView, server: ConfigLine, seen: DistrustedUpstream): Explanation {
  const { address, why, words, wanted } = seen;
  const verify = serverParameter(view, server, "verify");
  const authority = serverParameter(view, server, "ca-file");
  const quotes = [quoteOf(verify?.line ?? server)];
  const title = `HAProxy would not trust the certificate of ${address}`;
  const by = `${written(verify?.line ?? server)}: `;
  const answer = "; HAProxy takes the server for unreachable, and answers 503";
  switch (why) {
    case "expired":
      return {
        title,
        cause: `${by}the certificate has expired${answer}`,
        cure: "renew the server's certificate",
        quotes,
      };
    case "authority":
      return {
        title,
        cause: `${by}the certificate's authority is not in ${authority === null ? "what HAProxy trusts" : `\`ca-file ${authority.value}\``} (${words})${answer}`,
        cure: "in the server's line the authority that signed it:\nca-file FILE",
        quotes,
      };
    default:
      return {
        title,
        cause: `${by}the certificate is for ${words}, and HAProxy looks for ${wanted}${answer}`,
        cure: `in the server's line a name that it has:\nverifyhost ${/DNS:([^*,\s]+)/.exec(words)?.[1] ?? "NAME"}`,
        quotes,
      };
  }
}

export function explainUnnamed(
  view: ConfigView,
  { name }: Extract<Symptom, { kind: "upstream-unnamed" }>,
): Explanation | null {
  const server = view.servers.find((one) => serverParameter(view, one, "ssl") !== null);
  if (server === undefined) return null;
  return {
    cause: `no \`sni\` in ${written(server)}: a server of several names shows another one's certificate, or ends the handshake (503)`,
    cure: `in the server's line:\nsni str(${name})`,
    quotes: [quoteOf(server)],
  };
}

/** The handshake of a client with the frontend failed. */
export function explainClientTls(view: ConfigView): Explanation | null {
  const { bind = null } = view.route ?? {};
  if (bind === null) return null;
  const asks = bind.args.includes("verify") && !bind.args.includes("none");
  const options =
    globalLine(view, "ssl-default-bind-options") ?? globalLine(view, "ssl-default-bind-ciphers");
  return {
    cause: asks
      ? `${written(bind)} asks for a client certificate, which browsers seldom have`
      : `${written(bind)} and the client find no common ground${options === null ? "" : ` (${written(options)})`}`,
    cure: asks
      ? "verify optional, or none"
      : "compare what both sides speak: ssl-min-ver, ssl-max-ver, ciphers, ciphersuites, curves",
    quotes: [quoteOf(bind)],
  };
}
