/**
 * Why a request was answered, or not answered at all, before the backend saw it.
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { Log, Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Node, nodeText, quoteOf, written } from "../language/config-tree.js";
import { pathOf } from "../route/request.js";
import { accessLines } from "./config-parts.js";
import { allLines, type ConfigView, passedOf } from "./config-view.js";
import { explainBackend } from "./explain-backend.js";
import { explainFull } from "./explain-room.js";
import { nearMisses } from "./near-miss.js";

type Early = Extract<Symptom, { kind: "answered-early" }>;
type Unanswered = Extract<Symptom, { kind: "unanswered" }>;

export function causesOf(log: Log): readonly LogCause[] {
  return log.flatMap(({ cause }) => (cause === null ? [] : [cause]));
}

export function explainAnswer(view: ConfigView, { status, location, log }: Early): Explanation | null {
  const { route } = view;
  if (route === null) return null;
  const { end } = route;
  if (end.kind === "answered" && (end.status === status || location !== null))
    return ruleAnswered(end, location);
  if (status === 401) return passwordAsked(view);
  const rule = view.route?.steps.find(
    ({ truth, rule: node }) => truth === null && node.args[2] !== undefined,
  )?.rule;
  if (status === 403) return denied(view) ?? ofRule(rule);
  if (status === 400 && /AH02032|AH02033|AH01993/.test(log.map(({ line }) => line).join()))
    return otherName(view);
  if (status >= 300 && status < 400) return redirectedElsewhere(view, location) ?? ofRule(rule);
  if (end.kind === "passed") return explainBackend(view, log, status);
  return nobodyPasses(view);
}

function ofRule(rule: Node | undefined): Explanation | null {
  return rule === undefined
    ? null
    : {
        cause: `${written(rule)} may have answered: what it goes by only a running Apache can tell`,
        cure: "except the WebSocket's path before it:\nRewriteCond %{HTTP:Upgrade} !websocket [NC]",
        quotes: [quoteOf(rule)],
      };
}

function ruleAnswered(
  {
    by,
    status,
    location: to,
  }: { readonly by: Node; readonly status: number; readonly location: string | null },
  location: string | null,
): Explanation {
  const isRule = by.key === "rewriterule";
  const where = location ?? to;
  const what =
    status >= 300 && status < 400
      ? `redirects this path${where === null ? "" : ` to ${where}`}, and WebSocket clients follow no redirect`
      : `answers this path with ${status}`;
  return {
    cause: `${written(by)} ${what}`,
    cure: isRule
      ? `not for WebSockets; before it:\nRewriteCond %{HTTP:Upgrade} !websocket [NC]`
      : "connect to where it points, or a ProxyPass for the path, which goes before every Redirect of the same server",
    quotes: [quoteOf(by)],
  };
}

/** mod_dir adds a slash, a Location's Redirect, or an application does. */
function redirectedElsewhere(view: ConfigView, location: string | null): Explanation | null {
  const found = allLines(view).find(
    ({ key, args }) =>
      /^redirect/.test(key) || (key === "rewriterule" && /\bR(?:=|,|\])/.test(args[2] ?? "")),
  );
  if (found === undefined) return null;
  return ruleAnswered({ by: found, status: 302, location }, location);
}

function passwordAsked(view: ConfigView): Explanation | null {
  const [line] = accessLines(view);
  const type = allLines(view).find(({ key }) => key === "authtype");
  const by = line ?? type;
  if (by === undefined) return null;
  return {
    cause: `${written(by)} asks for a password; a page cannot give one to its WebSocket: Chrome and Firefox send what was typed for the page itself, Safari sends none`,
    cure: "a token in a cookie or in the query that the backend checks, and for the path:\nAuthType None\nRequire all granted",
    quotes: [quoteOf(by)],
  };
}

function denied(view: ConfigView): Explanation | null {
  const lines = accessLines(view);
  const [first] = lines;
  if (first === undefined) return null;
  const isByAddress = lines.some(
    ({ key, args }) =>
      key === "allow" ||
      key === "deny" ||
      /^(?:ip|host|local)$/i.test(args.filter((word) => !/^not$/i.test(word))[0] ?? ""),
  );
  const isForAll = /^all$/i.test(first.args.at(key(first)) ?? "");
  return isByAddress && !isForAll
    ? {
        isMild: true,
        title: "a rule turns 127.0.0.1 away, which is where wsrally comes from",
        cause: `${written(first)} goes by the client's address; behind another proxy that is the proxy's`,
        cure: "the addresses that are to come in; behind another proxy, with mod_remoteip, the client's own:\nRemoteIPHeader X-Forwarded-For\nRemoteIPInternalProxy ADDRESS",
        quotes: [quoteOf(first)],
      }
    : {
        cause: `${written(first)} turns clients away`,
        cure: "for the WebSocket's path:\nRequire all granted",
        quotes: [quoteOf(first)],
      };
}

function key(node: Node): number {
  return node.key === "require" ? 0 : 1;
}

/** SNI and Host have to be one name, or of one virtual host. */
function otherName(view: ConfigView): Explanation {
  const strict = allLines(view).find(({ key: name }) => name === "sslstrictsnivhostcheck");
  return {
    cause: `the name of the TLS handshake and Host are of different virtual hosts${strict === undefined ? "" : ` (${written(strict)})`}`,
    cure: "one name for both",
  };
}

function nobodyPasses(view: ConfigView): Explanation | null {
  const { route } = view;
  if (route === null) return null;
  const { end, host } = route;
  const path = pathOf(route.request);
  const [miss] = nearMisses(view);
  if (end.kind === "rewritten")
    return {
      cause: `${written(end.by)} makes ${end.url} of ${path}, and what a rule has rewritten no ProxyPass sees`,
      cure: `pass it on to mod_proxy (PT), or except WebSockets before it:\nRewriteCond %{HTTP:Upgrade} !websocket [NC]`,
      quotes: [quoteOf(end.by)],
    };
  if (end.kind === "kept")
    return {
      cause: `${written(end.by)} keeps ${path} from being passed on, and it stands before what would`,
      cure: "without it, or behind the ProxyPass for the WebSocket",
      quotes: [quoteOf(end.by)],
    };
  if (miss !== undefined) return { cause: miss.cause, cure: miss.cure, quotes: [quoteOf(miss.line)] };
  const where =
    host === null ? "the main server" : `\`${nodeText(host)}\` at ${host.place?.file}:${host.place?.line}`;
  const tried = allLines(view)
    .filter(({ key: name }) => name === "proxypass" || name === "proxypassmatch")
    .slice(0, 3)
    .map(written)
    .join(", ");
  return {
    cause: `no ProxyPass and no rule of ${where} takes ${path}${tried === "" ? "" : ` (${tried})`}: Apache looks for a file and answers 404 itself`,
    cure: `in ${host === null ? "the server" : nodeText(host)}, before any other ProxyPass that takes it:\nProxyPass ${path} http://ADDRESS:PORT${path} upgrade=websocket`,
    quotes: host === null ? [] : [quoteOf(host)],
  };
}

export function explainUnanswered(view: ConfigView, { how, log }: Unanswered): Explanation | null {
  const causes = causesOf(log);
  if (how === "timeout" && (causes.includes("worker-connections") || passedOf(view) === null))
    return explainFull(view);
  const byLog = explainBackend(view, log, null);
  if (byLog !== null) return byLog;
  return how === "timeout" ? explainFull(view) : null;
}
