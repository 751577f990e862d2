/**
 * Why a request does not arrive as it was sent: without its upgrade, in another version, with another path.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Node, nodeText, quoteOf, written } from "../language/config-tree.js";
import { carriesUpgrade } from "../route/find-web-socket.js";
import { linesOf } from "../route/sections.js";
import { type ConfigView, effectiveLine, knowsUpgrade, passedOf } from "./config-view.js";
import { headerRules } from "./explain-headers.js";
import { nearMisses } from "./near-miss.js";

export function explainLostUpgrade(view: ConfigView): Explanation | null {
  const passed = passedOf(view);
  if (passed === null) return null;
  const forced = forcedVersion(view);
  if (forced !== null)
    return {
      cause: `${written(forced)}: HTTP/1.0 knows no upgrade`,
      cure: "without it for the WebSocket's path",
      quotes: [quoteOf(forced)],
    };
  const rules = ["Upgrade", "Connection"].flatMap((name) => headerRules(view, "requestheader", name));
  if (carriesUpgrade(passed) && rules.length > 0)
    return {
      cause: `${rules.map(written).join(", ")}: mod_proxy passes Upgrade and Connection on by itself, unless a rule takes them away`,
      cure: `without the rule, or not for WebSockets:\n${nodeText(rules[0] as Node)} "expr=%{HTTP:Upgrade} !~ /websocket/i"`,
      quotes: rules.map(quoteOf),
    };
  const [miss] = nearMisses(view);
  if (miss !== undefined) return { cause: miss.cause, cure: miss.cure, quotes: [quoteOf(miss.line)] };
  if (carriesUpgrade(passed)) {
    if (knowsUpgrade(view)) return null;
    return {
      cause: `${written(passed.by)}: Apache ${view.version} takes \`upgrade=\` and does nothing for it`,
      cure: `2.4.47 or newer; or, with mod_proxy_wstunnel, before it:\n${asWebSocket(passed.by, view)}`,
      quotes: [quoteOf(passed.by)],
    };
  }
  const member = passed.members[0]?.node ?? passed.by;
  return {
    cause: `${written(member)} passes requests on without their upgrade: mod_proxy drops Upgrade and Connection unless it is told what may be upgraded to`,
    cure: knowsUpgrade(view)
      ? `${nodeText(member)} upgrade=websocket`
      : `with mod_proxy_wstunnel, before it:\n${asWebSocket(member, view)}`,
    quotes: [quoteOf(member)],
  };
}

function asWebSocket(node: Node, { route }: ConfigView): string {
  const path = route?.path.split("?")[0] ?? "/ws";
  const url =
    node.args
      .find((word) => /^https?:/i.test(word))
      ?.replace(/^http/i, "ws")
      .replace(/\/$/, "") ?? "ws://ADDRESS:PORT";
  return `ProxyPass ${path} ${url}${path}`;
}

/** `SetEnv force-proxy-request-1.0 1` */
function forcedVersion({ route }: ConfigView): Node | null {
  const lines = route === null ? [] : linesOf(route.scopes);
  return (
    lines.findLast(
      ({ key, args }) =>
        /^(?:setenv|setenvif|setenvifnocase|browsermatch)$/.test(key) &&
        args.some((word) => /^force-proxy-request-1\.0/.test(word)),
    ) ?? null
  );
}

export function explainHttpVersion(view: ConfigView, version: "1.0" | "2"): Explanation | null {
  if (version === "1.0") {
    const forced = forcedVersion(view);
    return (
      forced && {
        cause: `${written(forced)}: Apache speaks HTTP/1.0 to the backend`,
        cure: "without it for the WebSocket's path",
        quotes: [quoteOf(forced)],
      }
    );
  }
  const member = passedOf(view)?.members.find(({ target }) => /^h2c?$/.test(target.scheme));
  return member === undefined
    ? null
    : {
        cause: `${written(member.node)}: Apache speaks HTTP/2 to the backend, where a WebSocket is a CONNECT (RFC 8441), which it does not send`,
        cure: "http:// with upgrade=websocket",
        quotes: [quoteOf(member.node)],
      };
}

export function explainPath(
  view: ConfigView,
  { sent, arrived }: Extract<Symptom, { kind: "path-changed" }>,
): Explanation | null {
  const passed = passedOf(view);
  if (passed === null) return null;
  const { by, pass } = passed;
  const rewriting = view.route?.steps.findLast(
    ({ truth, rule }) => truth === true && rule.args[1] !== "-",
  )?.rule;
  const line = rewriting ?? by;
  const quotes = [quoteOf(line)];
  if (pass === null || rewriting !== undefined)
    return {
      cause: `${written(line)} makes ${arrived} of ${sent}`,
      cure: "with what it takes away in its target; the whole path is `%{REQUEST_URI}` in a rule",
      quotes,
    };
  const { from, to } = pass;
  const isUneven = from.endsWith("/") !== to.endsWith("/") && !pass.isPattern;
  if (isUneven)
    return {
      cause: `${written(by)} makes ${arrived} of ${sent}: one of its ends has a slash, and the other has none`,
      cure: `a slash at both ends, or at neither:\nProxyPass ${from.replace(/(.)\/$/, "$1")} ${to.replace(/\/$/, "")}`,
      quotes,
    };
  return {
    cause: `${written(by)} makes ${arrived} of ${sent}: what stands before the path in ProxyPass is taken away, and its target put in its place`,
    cure: `where the backend wants the path as it came:\nProxyPass ${from} ${to.replace(/^(\w+:\/\/[^/]+).*$/, "$1")}${from}`,
    quotes,
  };
}

const fieldBytes = 8190;

export function explainHead(view: ConfigView, what: "request" | "response", bytes: number): Explanation {
  const name = what === "request" ? "limitrequestfieldsize" : "proxyiobuffersize";
  const shown = what === "request" ? "LimitRequestFieldSize" : "ProxyIOBufferSize";
  const line = effectiveLine(view, name);
  return {
    cause: `a header of ${bytes} bytes is longer than ${line === null ? `\`${shown}\`, ${fieldBytes} bytes by default` : written(line)}`,
    cure:
      what === "request"
        ? "in the main server and in the first virtual host of the port:\nLimitRequestFieldSize 16380"
        : "responsefieldsize=16384 at the ProxyPass",
    quotes: line === null ? [] : [quoteOf(line)],
  };
}
