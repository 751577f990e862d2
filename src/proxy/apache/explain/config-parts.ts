/**
 * Parts of a config that a probe looks at: upstreams and how they are asked, what may turn a client away, certificates.
 */
import type { UpstreamTls, WrittenConfig, WrittenUpstream } from "../../../diagnosis/written-config.js";
import { type Node, quoteOf } from "../language/config-tree.js";
import { linesOf } from "../route/sections.js";
import { isTls } from "../route/target.js";
import { type ConfigView, effectiveLine, membersOf } from "./config-view.js";

/** Those whose address can be told. */
export function upstreamsOf(view: ConfigView): readonly WrittenUpstream[] {
  return membersOf(view)
    .filter(({ target }) => target.isPlain && target.address !== "")
    .map(({ node, target }) => ({
      address: target.address,
      tls: isTls(target.scheme),
      quote: quoteOf(node),
    }));
}

/** Apache sends the name that it asks for, and looks for it in the certificate only where it verifies one. */
export function upstreamTlsOf(view: ConfigView): UpstreamTls | null {
  const member = membersOf(view).find(({ target }) => isTls(target.scheme));
  if (member === undefined) return null;
  const verify = effectiveLine(view, "sslproxyverify");
  const isChecked = verify !== null && /^require$/i.test(verify.args[0] ?? "");
  const isNamed = !/^off$/i.test(effectiveLine(view, "sslproxycheckpeername")?.args[0] ?? "on");
  const preserves = /^on$/i.test(effectiveLine(view, "proxypreservehost")?.args[0] ?? "off");
  const host = member.target.address.replace(/:\d+$/, "");
  const name = preserves ? (view.route?.serverName ?? "") : host;
  return {
    verify: isChecked ? quoteOf(verify) : null,
    name: isNamed ? name : "",
    names: isNamed && name !== "" ? [name] : [],
    sendsName: !/^[\d.]+$|^\[/.test(name),
    authorities: effectiveLine(view, "sslproxycacertificatefile")?.args[0] ?? null,
    offersCertificate: effectiveLine(view, "sslproxymachinecertificatefile") !== null,
  };
}

/** What may turn a client away on the way of the request. */
export function accessLines({ route }: ConfigView): readonly Node[] {
  if (route === null) return [];
  const inside = (nodes: readonly Node[]): readonly Node[] =>
    nodes.flatMap((node) =>
      node.block !== null && /^require(?:all|any|none)$/.test(node.key) ? inside(node.block) : [node],
    );
  return inside(linesOf(route.scopes)).filter(
    ({ key, args }) =>
      (key === "require" && !/^all$/i.test(args[0] ?? "")) ||
      (key === "require" && /^denied$/i.test(args[1] ?? "")) ||
      ((key === "allow" || key === "deny") && !/^all$/i.test(args[1] ?? "")) ||
      (key === "deny" && /^all$/i.test(args[1] ?? "")) ||
      (key === "sslverifyclient" && /^require$/i.test(args[0] ?? "")) ||
      key === "sslrequiressl",
  );
}

export function accessRules(view: ConfigView): WrittenConfig["access"] {
  return accessLines(view).map((line) => ({ ...quoteOf(line), isAsked: false }));
}

export function certificatesOf(view: ConfigView): WrittenConfig["certificates"] {
  const { route } = view;
  if (route === null || !route.tls) return [];
  const names = route.serverName === null ? [] : [route.serverName];
  const own = route.scopes.servers.at(-1) ?? [];
  const lines = own.filter(({ key }) => key === "sslcertificatefile");
  return lines.map((line) => ({ file: line.args[0] ?? "", names, quote: quoteOf(line) }));
}
