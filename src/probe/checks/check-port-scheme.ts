/**
 * The port as written against what is spoken on it: 443 without TLS answers no wss://.
 */
import { type Finding, fault, ok } from "../../diagnosis/finding.js";
import { placeOf } from "../../proxy/nginx/nginx-tree.js";
import type { ProbeContext } from "../probe-context.js";

export function checkPortScheme({ view, target }: ProbeContext): Finding {
  const listens = (view?.server?.block ?? []).filter(({ name }) => name === "listen");
  const mistaken = listens.find(
    ({ args }) => /(^|:)(443|8443)$/.test(args[0] ?? "") && !args.includes("ssl"),
  );
  const switchedOn = view?.effective("ssl").some(({ args }) => args[0] === "on") ?? false;
  if (mistaken === undefined || switchedOn || target.tls) return ok("tls-scheme");
  return fault("tls-scheme", {
    side: "proxy",
    title: `port ${mistaken.args[0]} speaks no TLS`,
    evidence: [
      `config: \`listen ${mistaken.args.join(" ")}\` at ${placeOf(mistaken.origin)}`,
      "client: ws:// is answered there, and wss:// would not be",
    ],
    cause: "`listen` has no ssl: clients that come with wss:// or https:// for this port get no TLS",
    cure: `beside ssl_certificate and ssl_certificate_key:\nlisten ${[...mistaken.args, "ssl"].join(" ")};`,
  });
}
