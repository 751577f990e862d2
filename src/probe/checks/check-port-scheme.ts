/**
 * The port as written against what is spoken on it: 443 without TLS answers no wss://. Who stands in front of nginx may
 * end TLS, as some configs show.
 */
import { type Finding, fault, ok, type Trouble, warning } from "../../diagnosis/finding.js";
import type { ConfigView } from "../../proxy/nginx/explain/config-view.js";
import { type Directive, placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import type { ProbeContext } from "../probe-context.js";

const usualPort = /(^|:)443$/;
/** Some take them for TLS, others for an application's page. */
const likelyPort = /(^|:)\d*443$/;

export function checkPortScheme({ view, target }: ProbeContext): Finding {
  const listens = (view?.server?.block ?? []).filter(({ name }) => name === "listen");
  const plain = listens.find(({ args }) => likelyPort.test(args[0] ?? "") && !args.includes("ssl"));
  const switchedOn = view?.effective("ssl").some(({ args }) => args[0] === "on") ?? false;
  if (view === null || plain === undefined || switchedOn || target.tls) return ok("tls-scheme");
  const sign = signOfTlsBefore(view, listens);
  const isUsual = usualPort.test(plain.args[0] ?? "");
  const signWords = sign === null ? [] : [`config: ${quoted(sign)} tells of TLS before nginx`];
  if (sign !== null && !isUsual) return ok("tls-scheme", signWords);
  const trouble: Trouble = {
    side: "proxy",
    title: `port ${plain.args[0]} speaks no TLS`,
    evidence: [
      `config: ${quoted(plain)}`,
      "client: ws:// is answered there, and wss:// would not be",
      ...signWords,
    ],
    cause: "`listen` has no ssl: clients that come with wss:// or https:// for this port get no TLS",
    cure: `nothing, where TLS ends before nginx; else beside ssl_certificate and ssl_certificate_key:\nlisten ${[...plain.args, "ssl"].join(" ")};`,
  };
  return isUsual && sign === null ? fault("tls-scheme", trouble) : warning("tls-scheme", trouble);
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

function quoted({ name, args, origin }: Directive): string {
  return `\`${[name, ...args].join(" ")}\` at ${placeOf(origin)}`;
}
