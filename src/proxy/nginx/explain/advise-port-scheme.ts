/**
 * The port as written against what is spoken on it: 443 without TLS answers no wss://. Who stands in front of nginx may
 * end TLS, as some configs show.
 */
import { type Finding, fault, ok, type Trouble, warning } from "../../../diagnosis/finding.js";
import { quoteAt } from "../../../diagnosis/quote.js";
import { speaksTls } from "../language/listen-address.js";
import { type Directive, quoteOf } from "../language/nginx-tree.js";
import type { ConfigView } from "./config-view.js";
import type { Reading } from "./reading.js";

const usualPort = /(^|:)443$/;
/** Some take them for TLS, others for an application's page. */
const likelyPort = /(^|:)\d*443$/;

export function advisePortScheme({ view }: Reading): readonly Finding[] {
  const listens = (view.server?.block ?? []).filter(({ name }) => name === "listen");
  const plain = listens.find(({ args }) => likelyPort.test(args[0] ?? "") && !args.includes("ssl"));
  const switchedOn = view.effective("ssl").some(({ args }) => args[0] === "on");
  if (plain === undefined || switchedOn || (view.server !== null && speaksTls(view.server))) return [];
  const sign = signOfTlsBefore(view, listens);
  const isUsual = usualPort.test(plain.args[0] ?? "");
  const signWords = sign === null ? [] : [`config: ${quoteAt(quoteOf(sign))} tells of TLS before nginx`];
  if (sign !== null && !isUsual) return [ok("tls-scheme", signWords)];
  const trouble: Trouble = {
    side: "proxy",
    title: `port ${plain.args[0]} speaks no TLS`,
    evidence: [
      `config: ${quoteAt(quoteOf(plain))}`,
      "client: ws:// is answered there, and wss:// would not be",
      ...signWords,
    ],
    cause: "`listen` has no ssl: clients that come with wss:// or https:// for this port get no TLS",
    cure: `nothing, where TLS ends before nginx; else beside ssl_certificate and ssl_certificate_key:\nlisten ${[...plain.args, "ssl"].join(" ")};`,
  };
  return [isUsual && sign === null ? fault("tls-scheme", trouble) : warning("tls-scheme", trouble)];
}

/** What only makes sense where somebody in front speaks TLS with the clients. */
function signOfTlsBefore(view: ConfigView, listens: readonly Directive[]): Directive | null {
  const isForwarded = ({ args: [name = "", value = ""] }: Directive): boolean =>
    /^x-(forwarded-(proto|scheme|ssl)|scheme|url-scheme)$/i.test(name) &&
    /^(https|on)$|\$http_x_(forwarded|scheme)/i.test(value);
  return (
    listens.find(({ args }) => args.includes("proxy_protocol")) ??
    view.effective("proxy_set_header").find(isForwarded) ??
    view.effective("set_real_ip_from")[0] ??
    null
  );
}
