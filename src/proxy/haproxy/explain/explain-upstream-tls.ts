/**
 * Why TLS between HAProxy and a server fails, or is spoken where it is not expected.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type ConfigView, globalLine, quoteOf, serverParameter, written } from "./config-view.js";

export function explainUpstreamTls(
  view: ConfigView,
  { log }: Extract<Symptom, { kind: "upstream-tls-failed" }>,
): Explanation | null {
  const [server] = view.servers;
  if (server === undefined) return null;
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
