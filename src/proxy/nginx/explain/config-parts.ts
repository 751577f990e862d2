/**
 * Parts of a config that a probe looks at: upstreams and how they are asked, what may turn a client away, certificates.
 */
import type { UpstreamTls, WrittenConfig, WrittenUpstream } from "../../../diagnosis/written-config.js";
import { quoteOf } from "../language/nginx-tree.js";
import { serverNames } from "../route/server-names.js";
import { speaksTlsUpstream, upstreamTlsNames } from "../route/upstream-tls-names.js";
import type { ConfigView } from "./config-view.js";
import { asksOverTls, writtenUpstreams } from "./written-upstreams.js";

export function upstreamsOf(view: ConfigView): readonly WrittenUpstream[] {
  const tls = asksOverTls(view);
  return writtenUpstreams(view).map(({ address, node }) => ({ address, tls, quote: quoteOf(node) }));
}

/** Null where no request of the config goes to an upstream over TLS. */
export function upstreamTlsOf(view: ConfigView): UpstreamTls | null {
  if (!speaksTlsUpstream(view.tree)) return null;
  const [verify] = view.effective("proxy_ssl_verify");
  const [pass] = view.effective("proxy_pass");
  const host = /^https:\/\/([^/:?#]+)/i.exec(pass?.args[0] ?? "")?.[1] ?? "";
  return {
    verify: verify?.args[0] === "on" ? quoteOf(verify) : null,
    name: view.effective("proxy_ssl_name")[0]?.args[0] ?? host,
    names: upstreamTlsNames(view.tree),
    sendsName: view.effective("proxy_ssl_server_name")[0]?.args[0] === "on",
    authorities: view.effective("proxy_ssl_trusted_certificate")[0]?.args[0] ?? null,
    offersCertificate: view.effective("proxy_ssl_certificate").length > 0,
  };
}

const accessDirectives = ["auth_request", "auth_basic", "auth_jwt", "allow", "deny", "ssl_verify_client"];

export function accessRules(view: ConfigView): WrittenConfig["access"] {
  return accessDirectives
    .flatMap((name) => view.effective(name))
    .filter(({ args }) => args[0] !== "off")
    .map((node) => ({ ...quoteOf(node), isAsked: node.name === "auth_request" }));
}

export function certificatesOf(view: ConfigView): WrittenConfig["certificates"] {
  const names = view.server === null ? [] : serverNames(view.server);
  return view
    .effective("ssl_certificate")
    .map((node) => ({ file: node.args[0] ?? "", names, quote: quoteOf(node) }));
}
