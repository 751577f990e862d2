/**
 * What an answer other than 101 usually means, where only the client's end is ours.
 */
import { hintWords } from "../../proxy/hints.js";

interface Meaning {
  readonly cause: string;
  readonly cure: string;
}

const lostUpgrade: Meaning = {
  cause:
    "usually a proxy that does not pass Upgrade and Connection on, so that the backend sees a plain request; or a path that is no WebSocket's",
  cure: `a proxy that passes them on (${hintWords("upgrade")}); and probe its config from both ends: wsrally probe KIND:FILE`,
};

const redirect: Meaning = {
  cause: "a redirect, to TLS or to a path with a trailing slash; WebSocket clients follow none",
  cure: "connect to where it points, or take the redirect away for this path",
};

const byStatus: Readonly<Record<number, Meaning>> = {
  200: lostUpgrade,
  204: lostUpgrade,
  301: redirect,
  302: redirect,
  303: redirect,
  307: redirect,
  308: redirect,
  400: {
    cause: `${lostUpgrade.cause}; or the server asks for a subprotocol or a header that it did not get`,
    cure: `${lostUpgrade.cure}; --subprotocol NAME, --header NAME:VALUE`,
  },
  426: lostUpgrade,
  401: {
    cause: "a password or a token is asked for",
    cure: "send it in a cookie or the query: a browser's WebSocket cannot set headers",
  },
  403: {
    cause:
      "this Origin, Host or client is refused; Go's golang.org/x/net/websocket answers 403 to a client without Origin, gorilla/websocket to an Origin that is not the Host",
    cure: `--origin and --host with what a browser sends; a proxy that passes Host on (${hintWords("host")})`,
  },
  404: {
    cause: "no WebSocket at this path, or a proxy that changes the path (by a trailing slash, say)",
    cure: "check the path, and what the proxy makes of it",
  },
  405: { cause: "the path is for other methods", cure: "check the path" },
  429: { cause: "too many requests", cure: "wait, or raise the limit" },
  500: { cause: "the backend broke on the request", cure: "see the backend's log" },
  501: { cause: "the server knows no upgrade", cure: "check that a WebSocket server is behind it" },
  502: {
    cause: "a proxy reached no backend, or did not understand its answer",
    cure: "check that the backend runs, and the proxy's log",
  },
  503: { cause: "no backend is up, or a limit is reached", cure: "see the proxy's log" },
  504: { cause: "the backend did not answer the proxy in time", cure: "see the backend's log" },
  505: {
    cause: "the proxy speaks HTTP/1.0 to the backend (some do by default); Python's websockets answers 505",
    cure: `HTTP/1.1 to the backend (${hintWords("upgrade")})`,
  },
};

export function explainForeignStatus(status: number): Meaning {
  return (
    byStatus[status] ?? {
      cause: `the server answers ${status} in place of 101`,
      cure: "see the server's log",
    }
  );
}
