/**
 * Why HAProxy and a server did not come together, by what its log tells and how the server is written.
 */
import type { LogCause } from "../../../diagnosis/log-cause.js";
import type { Log } from "../../../diagnosis/symptom.js";
import { timeWords } from "../../../diagnosis/time-words.js";
import type { Explanation } from "../../../diagnosis/written-config.js";
import { type ConfigLine, sectionText } from "../language/config-tree.js";
import { effective, effectiveOption } from "../language/effective.js";
import { type ConfigView, quoteOf, serverParameter, timeoutOf, written } from "./config-view.js";
import { serverRoom } from "./facts.js";

export function causesOf(log: Log): readonly LogCause[] {
  return log.flatMap(({ cause }) => (cause === null ? [] : [cause]));
}

/** @param status that the client got, null for none; null where nothing tells */
export function explainServerLog(
  view: ConfigView,
  causes: readonly LogCause[],
  status: number | null,
): Explanation | null {
  const [server] = view.servers;
  if (server === undefined) return null;
  if (causes.includes("queue-timeout")) return queued(view);
  const way = strangeWay(view, server);
  const isBroken = status === 502 || status === 503 || status === 504 || causes.length > 0;
  if (way !== null && isBroken) return way;
  if (causes.includes("no-live-upstreams")) return down(view, server);
  if (causes.includes("upstream-refused"))
    return {
      cause: `nobody listens where ${written(server)} points${serverParameter(view, server, "ssl") === null ? "" : ", or the TLS handshake with it fails"}`,
      cure: "start the backend, or correct the address and port",
      quotes: [quoteOf(server)],
    };
  if (causes.includes("upstream-timeout")) return silent(view, server, status);
  if (causes.includes("upstream-closed") || causes.includes("upstream-answer"))
    return {
      cause: `what answers at ${written(server)} speaks no HTTP that HAProxy understands, or closes before it answers: a TLS port asked without \`ssl\`, perhaps`,
      cure: "where the server speaks TLS:\nserver NAME ADDRESS:PORT ssl verify required ca-file FILE",
      quotes: [quoteOf(server)],
    };
  if (causes.includes("request-timeout")) {
    const time = timeoutOf(view, view.route?.frontend ?? null, "http-request");
    return {
      cause: `${time === null ? "`timeout http-request`" : written(time.line)}: the request's head was not there in time`,
      cure: "a longer one; 10s is usual",
    };
  }
  return null;
}

/** How the server is asked, where that is not how most WebSocket servers take it. */
function strangeWay(view: ConfigView, server: ConfigLine): Explanation | null {
  const proto = serverParameter(view, server, "proto");
  if (proto?.value === "h2")
    return {
      cause: `\`proto h2\` in ${written(proto.line)}: HAProxy speaks HTTP/2 to the server, and a WebSocket over it needs a server that knows RFC 8441; most know HTTP/1.1 alone`,
      cure: "without `proto h2`; over TLS with both, HTTP/1.1 for WebSockets:\nserver NAME ADDRESS:PORT ssl alpn h2,http/1.1 ws h1 …",
      quotes: [quoteOf(proto.line)],
    };
  const alpn = serverParameter(view, server, "alpn");
  if (alpn !== null && !/http\/1\.1/.test(alpn.value) && serverParameter(view, server, "ws")?.value !== "h1")
    return {
      cause: `\`alpn ${alpn.value}\` in ${written(alpn.line)} offers the server nothing but HTTP/2`,
      cure: "alpn h2,http/1.1 ws h1",
      quotes: [quoteOf(alpn.line)],
    };
  const line = serverParameter(view, server, "send-proxy") ?? serverParameter(view, server, "send-proxy-v2");
  if (line !== null)
    return {
      cause: `${written(line.line)} begins every connection with a PROXY line, which a server that does not expect it takes for a broken request`,
      cure: "without it, or a server that is told to expect it",
      quotes: [quoteOf(line.line)],
    };
  return null;
}

function queued(view: ConfigView): Explanation {
  const room = serverRoom(view);
  const queue = timeoutOf(view, view.backend, "queue") ?? timeoutOf(view, view.backend, "connect");
  const written1 = room === null ? "`maxconn` of the servers" : written(room.line);
  const time =
    queue === null
      ? ""
      : `, and ${written(queue.line)} ends the wait after ${timeWords(queue.seconds)} with 503`;
  return {
    cause: `${written1}: a WebSocket holds its place for as long as it lives, the next one waits in a queue${time}`,
    cure: "a maxconn that is counted in open WebSockets and not in requests at a time",
    quotes: room === null ? [] : [quoteOf(room.line)],
  };
}

function down(view: ConfigView, server: ConfigLine): Explanation {
  const { backend, tree } = view;
  const httpCheck = backend === null ? null : effectiveOption(backend, tree, "httpchk");
  const check = serverParameter(view, server, "check");
  if (httpCheck !== null && backend !== null) {
    const expect = effective(backend, tree, ["http-check", "expect"]);
    return {
      cause: `${written(httpCheck)} asks the server with a plain request, and one that takes nothing but WebSockets answers 400 or 426: HAProxy takes it for down${expect === null ? "" : ` (${written(expect)})`}`,
      cure: `a path that answers 200; or a check of the port alone, without \`option httpchk\`; or in ${sectionText(backend)}:\nhttp-check expect rstatus (2|3|4)[0-9][0-9]`,
      quotes: [quoteOf(httpCheck)],
    };
  }
  return {
    cause:
      check === null
        ? `${written(server)} takes no connection`
        : `${written(check.line)} is checked, and found to be down`,
    cure: "start the backend; HAProxy's log says why the check failed",
    quotes: [quoteOf(server)],
  };
}

function silent(view: ConfigView, server: ConfigLine, status: number | null): Explanation {
  const time = timeoutOf(view, view.backend, status === 503 ? "connect" : "server");
  const tls = serverParameter(view, server, "ssl");
  const hint = tls === null ? "" : "; or it speaks no TLS, which `ssl` asks it for";
  return {
    cause: `${written(server)} does not ${status === 503 ? "take a connection" : "answer"} in time${time === null ? "" : ` (${written(time.line)})`}${hint}`,
    cure: "see the backend's log; the time counts until the 101 alone",
    quotes: [quoteOf(server)],
  };
}

/** Servers as written at which nobody was found, from this machine. */
export function explainMissing(view: ConfigView, isAll: boolean): Explanation | null {
  const [server] = view.servers;
  if (server === undefined) return null;
  const quotes = view.servers.map(quoteOf);
  const cure =
    "start the backend, or correct address and port; no matter if the config is for another machine or network";
  if (isAll)
    return {
      cause: `nothing listens where ${written(server)} points, or its name is not known here; HAProxy would answer 503, or with an unknown name not start (\`init-addr none\` lets it)`,
      cure,
      quotes,
    };
  const isChecked = view.servers.every((one) => serverParameter(view, one, "check") !== null);
  return {
    cause: isChecked
      ? "health checks take such a server out, and the others carry its share"
      : "without `check` HAProxy gives such a server its share of the clients, tries again (`retries`), and answers 503",
    cure: isChecked ? cure : `\`check\` at each server; ${cure}`,
    quotes,
  };
}
