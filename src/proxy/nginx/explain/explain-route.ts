/**
 * Why a request was answered in the proxy and never reached the backend, told from the answer, the config and the log.
 */

import type { Log, Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, placeOf, walk, written } from "../language/nginx-tree.js";
import { serversBehind } from "../route/own-hops.js";
import { locationMatch } from "../route/select-location.js";
import { type ConfigView, hopWords } from "./config-view.js";
import { explainStatic, othersWords } from "./explain-static.js";
import { explainUpstreamError } from "./explain-upstream-error.js";
import type { Reading } from "./reading.js";

type Early = Extract<Symptom, { readonly kind: "answered-early" }>;

export function explainAnswer(
  { view, path }: Reading,
  { status, location, bodyStart, log }: Early,
): Explanation {
  const { where } = view;
  if (status >= 300 && status < 400) return explainRedirect(location ?? "", path, view);
  switch (status) {
    case 400:
      return {
        cause: /SSL certificate/i.test(bodyStart)
          ? `the server asks clients for a certificate (${wordsOf(view, ["ssl_verify_client"])})`
          : "the proxy takes the request for malformed, or for plain HTTP on a TLS port",
        cure: "use wss:// for a port with `listen … ssl`, and see the log",
      };
    case 401:
      return {
        cause: `${where} asks for a password (${wordsOf(view, ["auth_basic", "auth_request", "auth_jwt"])}); a page cannot give one to its WebSocket: Chrome and Firefox send what was typed for the page itself, Safari sends none`,
        cure: `auth_basic off; in ${where}, and a token in the query or a cookie instead`,
      };
    case 403:
      return log.some(({ line }) => line.includes("directory index of"))
        ? explainStatic(status, view)
        : explainForbidden(view, log);
    case 404:
    case 200:
    case 204:
    case 405:
      return explainStatic(status, view);
    case 429:
    case 503:
      return {
        cause: `a limit is reached, or no server of the upstream is left (${wordsOf(view, ["limit_req", "limit_conn", "return"])})`,
        cure: "raise limit_req's burst or limit_conn's number; see the log",
      };
    case 500:
    case 502:
    case 504:
      return (
        explainUpstreamError(log, view) ?? {
          cause: `the proxy could not speak with the backend: ${log[0]?.line ?? "its log says nothing"}`,
          cure: "check proxy_pass: address, port and scheme of the backend",
        }
      );
    default:
      return {
        cause: `${where} answers it itself (${answererWords(view, status)})`,
        cure: `give ${where} a proxy_pass, or take away what answers before it`,
      };
  }
}

/** An address list is mostly meant, and wsrally comes from none of its addresses. */
function explainForbidden(view: ConfigView, log: Log): Explanation {
  const lets = view.effective("allow").find(({ args }) => args[0] !== "all");
  if (lets !== undefined && log.some(({ line }) => line.includes("access forbidden by rule")))
    return {
      isMild: true,
      title: "the address list turns 127.0.0.1 away, which is where wsrally comes from",
      cause: `only some addresses are let in (${written(lets)} and what stands beside it)`,
      cure: "nothing, if the clients' addresses are in the list; behind a load balancer it is the balancer's address that counts, unless set_real_ip_from says otherwise",
    };
  const rule =
    view.effective("deny").length > 0 ? wordsOf(view, ["deny", "allow"]) : answererWords(view, 403);
  return {
    cause: `${view.where} refuses this client (${rule})`,
    cure: `change the rule that refuses it in ${view.where}`,
  };
}

const otherPasses = ["grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass"];

/** A location that passes requests on, in a protocol that knows no WebSocket. */
export function explainOtherPass({ view }: Reading): Explanation | null {
  const own = view.locations.at(-1)?.block ?? view.server?.block ?? [];
  const pass = own.find(({ name }) => otherPasses.includes(name));
  if (pass === undefined) return null;
  return {
    title: `the request goes to a ${pass.name}, which carries no WebSocket`,
    cause: [
      ...hopWords(view),
      `${written(pass)} serves this path; of nginx's passes proxy_pass alone can pass an upgrade on`,
    ].join("; "),
    cure: `a location of its own for the WebSocket's path, with proxy_pass http://HOST:PORT; to a port on which the backend speaks HTTP${othersWords(view).replace(/^; /, ", or ask for a path of one that is there (--path): ")}`,
  };
}

/** Of several returns, the one with this status; its if beside it. */
function answererWords(view: ConfigView, status: number): string {
  for (const { block } of view.scopes) {
    for (const node of block ?? []) {
      const inner = node.name === "if" ? (node.block ?? []) : [node];
      const found = inner.find(({ name, args }) => name === "return" && args[0] === String(status));
      if (found === undefined) continue;
      const condition = node.name === "if" ? `, in an \`if\` at ${placeOf(node.origin)}` : "";
      return `${written(found)}${condition}`;
    }
  }
  return wordsOf(view, ["return", "rewrite", "error_page", "auth_request"]);
}

export function explainUnanswered(
  { view }: Reading,
  { how, log }: Extract<Symptom, { readonly kind: "unanswered" }>,
): Explanation {
  const closes = [...walk(view.scopes)].find(({ node }) => node.name === "return" && node.args[0] === "444");
  if (closes !== undefined) {
    return {
      title: "the request is dropped without an answer",
      cause: `\`return 444\` at ${placeOf(closes.node.origin)} closes the connection`,
      cure: "let this path and Host through to a location with proxy_pass",
    };
  }
  const http2 = (view.server?.block ?? []).find(
    ({ name, args }) => name === "listen" && args.includes("http2") && !args.includes("ssl"),
  );
  if (http2 !== undefined && how !== "timeout") {
    return {
      title: "the port speaks HTTP/2 alone, and a WebSocket opens with HTTP/1.1",
      cause: `${written(http2)}: without ssl there is no negotiation, and nginx before 1.25.1 takes nothing but HTTP/2 there`,
      cure: `at ${placeOf(http2.origin)}:\nlisten ${http2.args.filter((word) => word !== "http2").join(" ")};`,
    };
  }
  return {
    title: how === "timeout" ? "the request is not answered" : "the connection ends without an answer",
    cause: log[0]?.line ?? "the proxy's log says nothing",
    cure: "see the proxy's error log at level info",
  };
}

function explainRedirect(location: string, path: string, view: ConfigView): Explanation {
  const noFollow = "WebSocket clients follow no redirect";
  const bare = path.split("?")[0] ?? "";
  const slashed = [...walk(view.server === null ? [] : [view.server])].find(
    ({ node }) => node.name === "location" && locationMatch(node).text === `${bare}/`,
  );
  if (slashed !== undefined && location.split("?")[0]?.endsWith(`${bare}/`)) {
    return {
      cause: `nginx redirects ${bare} to \`location ${bare}/\` at ${placeOf(slashed.node.origin)} because of its trailing slash; ${noFollow}`,
      cure: `connect to ${bare}/, or write location ${bare} without the slash`,
    };
  }
  if (location.startsWith("https:")) {
    return {
      cause: `the server redirects plain HTTP to HTTPS (${wordsOf(view, ["return", "rewrite"])}); ${noFollow}`,
      cure: "connect with wss://, or leave the WebSocket's path out of the redirect",
    };
  }
  return {
    cause: `the answer is a redirect to ${location} (${wordsOf(view, ["return", "rewrite"])}); ${noFollow}`,
    cure: "connect to where it points, or take the redirect away for this path",
  };
}

/** The directives of these names that hold for the path, quoted with their place. */
function wordsOf(view: ConfigView, names: readonly string[]): string {
  const found = names.flatMap((name) => inScope(view, name));
  if (found.length === 0) return unexplained(view);
  return found.slice(0, 3).map(written).join(", ");
}

/** A server of the config's own that stands behind the path may be who answers. */
function unexplained(view: ConfigView): string {
  const [next] = serversBehind(view.tree, view.scopes.slice(0, 1));
  return next === undefined
    ? "nothing in the config says why"
    : `nothing here says why: it passes to the server at ${placeOf(next.origin)}, which may`;
}

function inScope({ scopes }: ConfigView, name: string): Directive[] {
  return scopes.flatMap(({ block }) =>
    (block ?? [])
      .flatMap((node) => [node, ...(node.name === "if" ? (node.block ?? []) : [])])
      .filter((node) => node.name === name),
  );
}
