/**
 * Why a request was answered before the backend saw it, or was not answered at all.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, lineNamed } from "../language/config-tree.js";
import { upstreamWords } from "../route/addresses.js";
import type { WebSocketRoute } from "../route/find-web-socket.js";
import { type Followed, followRoute } from "../route/follow-route.js";
import { type RouteRequest, webSocketRequest } from "../route/request.js";
import { type ConfigView, quoteOf, written } from "./config-view.js";
import { explainUpstreamFault } from "./explain-upstream.js";
import { nearMisses } from "./near-miss.js";

type Early = Extract<Symptom, { kind: "answered-early" }>;

export function explainAnswer(view: ConfigView, symptom: Early): Explanation | null {
  const { route } = view;
  if (route === null) return null;
  const { status, asked } = symptom;
  const request = requestOf(route, asked);
  const followed = asked === undefined ? route.followed : followRoute(route.site, request, view.tree);
  const access = explainAccess(followed, status);
  if (access !== null) return access;
  if (status >= 500 || followed.end.kind === "proxy")
    return explainUpstreamFault(view, symptom, followed) ?? explainUnsure(followed, status);
  if (followed.end.kind === "nothing") return explainNothing(view, route, request, followed);
  return explainOwnAnswer(view, followed.end.line, request, followed);
}

function requestOf({ path, serverName, address }: WebSocketRoute, asked: Early["asked"]): RouteRequest {
  return webSocketRequest(asked ?? { path, host: serverName, tls: address.tls });
}

/** Passwords, and servers that are asked who may come. */
function explainAccess({ met }: Followed, status: number): Explanation | null {
  const line = met.find(({ name }) => /^basic_?auth$/.test(name));
  if (status === 401 && line !== undefined)
    return {
      cause: `${written(line)} asks for a password, and a browser sends none with a WebSocket that it was not asked for on the page`,
      cure: "other paths alone, with a matcher that leaves the socket's out:\n@pages not path /ws*\nbasic_auth @pages {",
      quotes: [quoteOf(line)],
    };
  const auth = met.find(({ name }) => name === "forward_auth");
  return auth !== undefined && (status === 401 || status === 403)
    ? {
        cause: `${written(auth)}: its server answered ${status}, and that is what the client gets`,
        cure: "an auth server that lets the path in, or a matcher that leaves the path out of forward_auth",
        quotes: [quoteOf(auth)],
      }
    : null;
}

/** Empty 200: Caddy has nothing for the request, and says so with success. */
function explainNothing(
  view: ConfigView,
  { site, address }: WebSocketRoute,
  request: RouteRequest,
  followed: Followed,
): Explanation {
  const [miss] = nearMisses(site, request);
  const rewritten = rewrites(followed).at(-1);
  if (rewritten !== undefined && followed.path !== request.path)
    return afterRewrite(rewritten, followed, request);
  if (miss !== undefined)
    return {
      title: "no handler of the site takes the request: Caddy answers an empty 200",
      cause: miss.cause,
      cure: miss.cure,
      quotes: [quoteOf(miss.line)],
    };
  const name = view.isJson ? "the server" : `the site ${address.text}`;
  return {
    title: "no handler of the site takes the request: Caddy answers an empty 200",
    cause: `in ${name} nothing matches ${request.path}`,
    cure: `in ${name}:\nreverse_proxy ${request.path}* 127.0.0.1:8080`,
  };
}

function rewrites({ met }: Followed): Directive[] {
  return met.filter(({ name }) => /^(?:rewrite|uri|try_files|handle_path)$/.test(name));
}

function afterRewrite(line: Directive, { path }: Followed, request: RouteRequest): Explanation {
  const without = line.name === "try_files" ? "\n@pages not path /ws*\ntry_files @pages" : "";
  return {
    title: "the path is rewritten before `reverse_proxy` looks at it",
    cause: `${written(line)} makes ${path} of ${request.path}, and goes before \`reverse_proxy\` wherever it stands: its matcher no longer fits`,
    cure:
      line.name === "try_files"
        ? `the socket in a \`handle\` of its own, which goes before; or not for its path:${without} {path} /index.html`
        : "the socket in a `handle` of its own, where the rewrite does not stand",
    quotes: [quoteOf(line)],
  };
}

const words: Readonly<Record<string, string>> = {
  respond: "answers",
  redir: "redirects",
  abort: "ends the connection",
  error: "answers with an error",
  file_server: "looks for a file",
  php_fastcgi: "passes it on by FastCGI, which knows no WebSockets",
  try_files: "finds no file",
  metrics: "answers with metrics",
  acme_server: "answers as an authority",
};

/** By which order a line goes before `reverse_proxy`: its own, or the outermost `handle` that it stands in. */
function explainOwnAnswer(
  { route }: ConfigView,
  line: Directive,
  request: RouteRequest,
  followed: Followed,
): Explanation {
  const rewritten = rewrites(followed).at(-1);
  const misses = route === null ? [] : nearMisses(route.site, request);
  if (rewritten !== undefined && rewritten !== line && followed.path !== request.path && misses.length === 0)
    return afterRewrite(rewritten, followed, request);
  const [miss] = misses;
  const outer = followed.met.find(
    ({ name }) => name === "handle" || name === "handle_path" || name === "route",
  );
  const what = `${written(line)} ${words[line.name] ?? "answers"}`;
  if (miss !== undefined)
    return {
      title: "the request is answered before the backend sees it",
      cause: `${miss.cause}; so ${what}`,
      cure: miss.cure,
      quotes: [quoteOf(miss.line), quoteOf(line)],
    };
  const isGeneral = line.name === "file_server" || line.name === "php_fastcgi";
  const order =
    outer === undefined
      ? isGeneral
        ? ", for no `reverse_proxy` takes the path"
        : `: \`${line.name}\` goes before \`reverse_proxy\`, wherever they stand`
      : `: of \`handle\` blocks one alone is asked, and ${outer === line ? "it" : written(outer)} goes before a \`reverse_proxy\` beside it`;
  return {
    title: "the request is answered before the backend sees it",
    cause: `${what}${order}`,
    cure: `the socket in a \`handle\` of its own, and all else in another:\nhandle ${request.path === "/" ? "/ws" : request.path}* {\n\treverse_proxy 127.0.0.1:8080\n}\nhandle {\n\t${line.name} …\n}`,
    quotes: [quoteOf(line)],
  };
}

/** What only a running Caddy can tell may have been what answered. */
function explainUnsure({ unsure }: Followed, status: number): Explanation | null {
  const [line] = unsure;
  return line === undefined || status >= 500
    ? null
    : {
        cause: `${written(line)} may have answered: whom it takes cannot be told from the config`,
        cure: "a matcher that leaves the socket's path out",
        quotes: [quoteOf(line)],
      };
}

type Unanswered = Extract<Symptom, { kind: "unanswered" }>;

export function explainUnanswered(view: ConfigView, symptom: Unanswered): Explanation | null {
  const { proxy, route } = view;
  const abort =
    route?.followed.end.kind === "answer" && route.followed.end.line.name === "abort"
      ? route.followed.end.line
      : null;
  if (abort !== null)
    return {
      cause: `${written(abort)} ends the connection without an answer, and goes before \`reverse_proxy\`, wherever they stand`,
      cure: "a matcher that leaves the socket's path out",
      quotes: [quoteOf(abort)],
    };
  if (proxy === null) return null;
  const buffers = lineNamed(proxy, "response_buffers", "buffer_responses");
  if (buffers !== null && symptom.how === "timeout")
    return {
      title: "the backend's 101 stays in Caddy, and the client waits for ever",
      cause: `${written(buffers)} waits for the end of every answer before it passes it on, and that of a WebSocket has none`,
      cure: "without the line; or for other paths alone, in a `reverse_proxy` of their own",
      quotes: [quoteOf(buffers)],
    };
  const secure = upstreamWords(proxy).find(({ tls }) => tls);
  return secure === undefined || symptom.how !== "timeout"
    ? null
    : {
        cause: `${written(proxy)} speaks TLS to an upstream that may wait for plain HTTP`,
        cure: `http:// where the upstream speaks none:\nreverse_proxy http://${secure.dial}`,
        quotes: [quoteOf(proxy)],
      };
}
