/**
 * Why headers are not the same at both ends: mod_headers, and what mod_proxy does by itself.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Node, quoteOf, written } from "../language/config-tree.js";
import { linesOf } from "../route/sections.js";
import { type ConfigView, effectiveLine } from "./config-view.js";

/** Lines of mod_headers on the way of the request that touch a header, `early` ones among them. */
export function headerRules(
  { route }: ConfigView,
  directive: "header" | "requestheader",
  name: string,
): readonly Node[] {
  if (route === null) return [];
  return linesOf(route.scopes).filter((node) => {
    if (node.key !== directive) return false;
    const [first = "", second = "", third = ""] = node.args;
    const isConditioned = /^(?:always|onsuccess)$/i.test(first);
    const [action, header] = isConditioned ? [second, third] : [first, second];
    return header.toLowerCase().replace(/:$/, "") === name.toLowerCase() && !/^(?:note|echo)$/i.test(action);
  });
}

function listed(rules: readonly Node[]): string {
  return rules.map(written).join(", ");
}

export function explainAnswerChange(
  view: ConfigView,
  kind: "answer-lost" | "answer-changed" | "key-lost",
): Explanation | null {
  const names = [
    "Sec-WebSocket-Key",
    "Sec-WebSocket-Version",
    "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Extensions",
  ];
  const asked = names.flatMap((name) => headerRules(view, "requestheader", name));
  const answered = [...names, "Sec-WebSocket-Accept", "Upgrade", "Connection"].flatMap((name) =>
    headerRules(view, "header", name),
  );
  const rules = [...new Set(kind === "key-lost" ? asked : [...answered, ...asked])];
  if (rules.length === 0) return null;
  return {
    cause: `${listed(rules)} ${rules.length === 1 ? "takes" : "take"} headers of the handshake away, or ${rules.length === 1 ? "changes" : "change"} them`,
    cure: "without it: no rule is needed for any Sec-WebSocket header",
    quotes: rules.map(quoteOf),
  };
}

export function explainPlainUpgraded(view: ConfigView): Explanation | null {
  const rules = ["Upgrade", "Connection"]
    .flatMap((name) => headerRules(view, "requestheader", name))
    .filter(({ args }) => /^(?:set|add|append|merge)/i.test(args[0] ?? ""));
  if (rules.length === 0) return null;
  return {
    cause: `${listed(rules)} sets it for every request`,
    cure: "without the rule: mod_proxy passes an upgrade on by itself, where it is told to (`upgrade=websocket`)",
    quotes: rules.map(quoteOf),
  };
}

export function explainHeader(
  view: ConfigView,
  { header, way }: Extract<Symptom, { kind: "header-changed" }>,
): Explanation | null {
  const rules = headerRules(view, way === "to-backend" ? "requestheader" : "header", header);
  if (rules.length > 0)
    return {
      cause: `${listed(rules)} ${rules.length === 1 ? "changes" : "change"} ${header}`,
      cure: "without the rule: Apache passes it on as it came",
      quotes: rules.map(quoteOf),
    };
  if (header.toLowerCase() !== "host" || way !== "to-backend") return null;
  const line = effectiveLine(view, "proxypreservehost");
  if (line !== null && /^on$/i.test(line.args[0] ?? "")) return null;
  return {
    cause: `${line === null ? "`ProxyPreserveHost` is off by default" : written(line)}: Apache writes the backend's own address into Host`,
    cure: "in the virtual host:\nProxyPreserveHost On",
    quotes: line === null ? [] : [quoteOf(line)],
  };
}

/** mod_proxy writes X-Forwarded-For behind what came, unless it is told not to. */
export function explainClient(view: ConfigView, forged: boolean): Explanation | null {
  if (forged)
    return {
      cause:
        "mod_proxy adds the client's address behind the X-Forwarded-For that came with the request, which stays",
      cure: "where clients come directly:\nRequestHeader unset X-Forwarded-For early",
    };
  const line = effectiveLine(view, "proxyaddheaders");
  const rules = headerRules(view, "requestheader", "X-Forwarded-For");
  if (line !== null && /^off$/i.test(line.args[0] ?? ""))
    return {
      cause: `${written(line)}: mod_proxy adds no X-Forwarded-For`,
      cure: "ProxyAddHeaders On",
      quotes: [quoteOf(line)],
    };
  return rules.length === 0
    ? null
    : {
        cause: `${listed(rules)} changes X-Forwarded-For`,
        cure: "without the rule",
        quotes: rules.map(quoteOf),
      };
}

export function explainScheme(view: ConfigView): Explanation | null {
  if (view.route === null) return null;
  const scheme = view.route.tls ? "https" : "http";
  return {
    cause: "no rule sets X-Forwarded-Proto, and mod_proxy does not by itself",
    cure: `in the virtual host, with mod_headers:\nRequestHeader set X-Forwarded-Proto "${scheme}"`,
  };
}

export function explainHiddenRefusal(view: ConfigView): Explanation | null {
  const line = effectiveLine(view, "proxyerroroverride");
  if (line === null || /^off$/i.test(line.args[0] ?? "")) return null;
  return {
    cause: `${written(line)} puts Apache's own page in place of the backend's answer`,
    cure: "for the WebSocket's path:\nProxyErrorOverride Off",
    quotes: [quoteOf(line)],
  };
}
