/**
 * Why a request or an answer is not the same at both ends: lines that touch headers and paths.
 */
import type { Symptom } from "../../../diagnosis/symptom.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type Directive, globalLines, lineNamed, linesNamed } from "../language/config-tree.js";
import { upstreamWords } from "../route/addresses.js";
import { type ConfigView, quoteOf, written } from "./config-view.js";
import { fieldOf, headerDownLines, requestHeaderLines, responseHeaderLines } from "./header-lines.js";

const passes = "Caddy passes Upgrade and Connection on by itself";

function quoted(lines: readonly Directive[]): string {
  return lines.map(written).join(", ");
}

export function explainLostUpgrade(view: ConfigView): Explanation | null {
  const lines = [...requestHeaderLines(view, "Upgrade"), ...requestHeaderLines(view, "Connection")];
  if (lines.length === 0) return null;
  const old = lines.some((line) => /^\{>/.test(fieldOf(line).value ?? ""));
  const why = old
    ? "`{>Upgrade}` is Caddy 1's word for a header, and goes out as it stands"
    : `${passes}, unless a line takes them away or puts something else there`;
  return {
    cause: `${quoted(lines)}: ${why}`,
    cure: "without the line: nothing of a `reverse_proxy` need be said for WebSockets",
    quotes: lines.map(quoteOf),
  };
}

export function explainAnswerChange(
  view: ConfigView,
  kind: "answer-lost" | "answer-changed" | "key-lost",
): Explanation | null {
  const names = ["Key", "Version", "Protocol", "Extensions"].map((name) => `Sec-WebSocket-${name}`);
  const asked = names.flatMap((name) => requestHeaderLines(view, name));
  const answered = ["Connection", "Upgrade", "Sec-WebSocket-Accept", ...names].flatMap((name) =>
    responseHeaderLines(view, name),
  );
  const buffers = view.proxy === null ? null : lineNamed(view.proxy, "response_buffers", "buffer_responses");
  const lines = [...new Set(kind === "key-lost" ? asked : [...answered, ...asked])];
  if (lines.length > 0)
    return {
      cause: `${quoted(lines)}: it stands for every answer of the site, the 101 among them`,
      cure: "without it, or not for the socket:\n@pages not path /ws*\nheader @pages …",
      quotes: lines.map(quoteOf),
    };
  return kind === "answer-lost" && buffers !== null
    ? {
        cause: `${written(buffers)} waits for the end of every answer before it passes it on, and that of a WebSocket has none`,
        cure: "without the line",
        quotes: [quoteOf(buffers)],
      }
    : null;
}

const pathLines = /^(?:rewrite|uri|try_files|handle_path)$/;

export function explainPath(
  { route, proxy }: ConfigView,
  { sent, arrived }: Extract<Symptom, { kind: "path-changed" }>,
): Explanation | null {
  const met = (route?.followed.met ?? []).filter(({ name }) => pathLines.test(name));
  const own = proxy === null ? [] : linesNamed(proxy, "rewrite");
  const lines = [...met, ...own];
  if (lines.length === 0) return null;
  const strips = lines.find(({ name }) => name === "handle_path");
  return {
    cause: `${quoted(lines)} makes ${arrived} of ${sent}`,
    cure:
      strips === undefined
        ? "without the line; Caddy passes a path on as it came"
        : `\`handle\` in place of \`handle_path\`, which takes the prefix away:\nhandle ${strips.args[0]?.text ?? "/ws*"} {`,
    quotes: lines.map(quoteOf),
  };
}

export function explainPlainUpgraded(view: ConfigView): Explanation | null {
  const lines = [...requestHeaderLines(view, "Upgrade"), ...requestHeaderLines(view, "Connection")].filter(
    (line) => fieldOf(line).sign !== "-",
  );
  return lines.length === 0
    ? null
    : {
        cause: `${quoted(lines)} sets it for every request`,
        cure: `without the line: ${passes}`,
        quotes: lines.map(quoteOf),
      };
}

export function explainHeader(
  view: ConfigView,
  { header, way }: Extract<Symptom, { kind: "header-changed" }>,
): Explanation | null {
  const lines =
    way === "to-backend"
      ? requestHeaderLines(view, header)
      : [...responseHeaderLines(view, header), ...headerDownLines(view, header)];
  if (lines.length === 0) return way === "to-backend" && /^host$/i.test(header) ? explainHost(view) : null;
  return {
    cause: `${quoted(lines)} ${lines.length === 1 ? "changes" : "change"} ${header}`,
    cure: "without the line: Caddy passes it on as it came",
    quotes: lines.map(quoteOf),
  };
}

/** Measured: 2.8 passes it on, 2.11 does not. */
function explainHost({ proxy }: ConfigView): Explanation | null {
  if (proxy === null || !upstreamWords(proxy).some(({ tls }) => tls)) return null;
  return {
    cause: `${written(proxy)}: an upstream over TLS is asked by its own name, from Caddy 2.11 on; older ones pass Host on`,
    cure: "in the `reverse_proxy`, for Host as the client sent it:\nheader_up Host {host}",
    quotes: [quoteOf(proxy)],
  };
}

/** Caddy tells of the client itself, and drops what the client says of it. */
export function explainClient(view: ConfigView, forged: boolean): Explanation | null {
  const lines = [...requestHeaderLines(view, "X-Forwarded-For"), ...requestHeaderLines(view, "X-Real-IP")];
  const trust =
    (view.proxy === null ? null : lineNamed(view.proxy, "trusted_proxies")) ??
    globalLines(view.tree)
      .filter(({ name }) => name === "servers")
      .flatMap((line) => linesNamed(line, "trusted_proxies"))
      .at(-1) ??
    null;
  if (forged && trust !== null)
    return {
      cause: `${written(trust)} takes the client's word for who it is`,
      cure: "the addresses of the proxies in front of Caddy alone:\ntrusted_proxies static 192.0.2.0/24",
      quotes: [quoteOf(trust)],
    };
  return lines.length === 0
    ? null
    : {
        cause: `${quoted(lines)} ${forged ? "passes on" : "takes away"} what tells the client's address`,
        cure: "without the line: Caddy sets X-Forwarded-For itself",
        quotes: lines.map(quoteOf),
      };
}

export function explainScheme(view: ConfigView): Explanation | null {
  const lines = requestHeaderLines(view, "X-Forwarded-Proto");
  return lines.length === 0
    ? null
    : {
        cause: `${quoted(lines)} takes X-Forwarded-Proto away`,
        cure: "without the line: Caddy sets it itself",
        quotes: lines.map(quoteOf),
      };
}

export function explainHead(
  view: ConfigView,
  what: "request" | "response",
  bytes: number,
): Explanation | null {
  const servers = globalLines(view.tree).filter(({ name }) => name === "servers");
  const transport = view.proxy === null ? null : lineNamed(view.proxy, "transport");
  const line =
    what === "request"
      ? (servers.flatMap((one) => linesNamed(one, "max_header_size")).at(-1) ?? null)
      : transport === null
        ? null
        : lineNamed(transport, "max_response_header");
  return line === null
    ? null
    : {
        cause: `${written(line)}: the ${what}'s head has ${bytes} bytes`,
        cure: `a larger one, or without the line: a megabyte is allowed then`,
        quotes: [quoteOf(line)],
      };
}

export function explainHiddenRefusal({ proxy, route }: ConfigView): Explanation | null {
  const own = proxy === null ? [] : linesNamed(proxy, "handle_response", "replace_status");
  const met = (route?.followed.met ?? []).filter(({ name }) => name === "intercept");
  const [line] = [...own, ...met];
  return line === undefined
    ? null
    : {
        cause: `${written(line)} puts another answer in place of the backend's`,
        cure: "a response matcher that leaves the refusals of an upgrade alone",
        quotes: [quoteOf(line)],
      };
}
