/**
 * What a check found: the words that `probe` prints and that `--json` holds. The ids are stable; docs/findings.md
 * explains each.
 */
export const findingStatuses = ["ok", "fault", "warning", "not-tested"] as const;
type FindingStatus = (typeof findingStatuses)[number];

export const findingSides = ["client", "proxy", "backend", "unknown"] as const;
export type FindingSide = (typeof findingSides)[number];

/** One a check, in the order of the report; the title says what is so when all is well. */
const titles = {
  "config-refused": "the proxy accepts its config",
  unreachable: "a client can connect",
  "tls-scheme": "TLS is spoken where clients speak it",
  "tls-certificate": "clients can trust the certificate",
  server: "it is known which proxy answers",
  upstream: "the upstream as written is there",
  "upstream-tls": "the proxy and its upstream speak alike, TLS or not",
  access: "everybody may connect",
  route: "the request reaches the backend",
  "upgrade-headers": "Upgrade and Connection reach the backend",
  "http-version": "the proxy speaks HTTP/1.1 to the backend",
  upgrade: "the upgrade is answered with 101",
  path: "path and query arrive as sent",
  "other-routes": "no other route stands in the way",
  "upgrade-hard-coded": "a plain request stays plain",
  "header-host": "Host arrives as sent",
  "header-origin": "Origin arrives as sent",
  "header-forwarded": "the backend learns who the client is",
  subprotocol: "the subprotocol passes both ways",
  extensions: "extensions pass both ways",
  cookies: "cookies pass both ways",
  "request-head": "request heads with cookies of 6 KiB pass",
  "response-head": "response heads of 3 KiB pass",
  refusal: "a refusal of the backend reaches the client",
  frames: "what follows the 101 are frames as RFC 6455 has them",
  "message-text": "text passes both ways",
  "message-binary": "binary messages pass both ways",
  "message-fragmented": "fragmented messages pass both ways",
  "message-large": "messages of 1 MiB pass both ways",
  "control-frames": "pings and pongs pass both ways",
  "close-from-client": "the client's close code and reason reach the backend",
  "close-from-backend": "the backend's close code and reason reach the client",
  "abrupt-end": "an end without a close frame reaches the other side",
  "half-close": "a half-closed connection ends in order",
  "slow-client": "a slow client slows the backend down",
  "slow-backend": "a slow backend slows the client down",
  "small-messages": "small messages are not held back",
  "idle-timeout": "idle connections are kept as long as the config says",
  "idle-rearm": "a heartbeat keeps the connection open",
  "limit-conn": "limits on connections leave room",
  "limit-req": "limits on handshakes leave room for clients that come back together",
  "worker-connections": "there is room for many WebSockets",
  buffering: "buffering directives have no hold on a WebSocket",
  stickiness: "a client comes back to the same server",
  reload: "a reload keeps connections open",
  "h2-websocket-announced": "it is known whether clients may open WebSockets over HTTP/2",
  "h2-websocket-refused": "a WebSocket over HTTP/2 opens where it is announced",
  "h2-websocket-key-missing": "the backend gets a whole handshake for a WebSocket over HTTP/2",
  "h2-websocket-stream-limit": "an HTTP/2 connection carries as many WebSockets as it announces",
  "h2-websocket-slow-stream": "a WebSocket over HTTP/2 that is not read holds up no other",
  "h2-websocket-reload": "a reload keeps WebSockets over HTTP/2 open",
  "h3-announced": "it is known whether HTTP/3 is announced",
} as const;

export type FindingId = keyof typeof titles;

export const findingIds = Object.keys(titles) as readonly FindingId[];

export interface Finding {
  readonly id: FindingId;
  readonly status: FindingStatus;
  readonly side: FindingSide;
  readonly title: string;
  /** What was seen, a line each: sent, received, came back, logged. */
  readonly evidence: readonly string[];
  /** Null where there is nothing to explain. */
  readonly cause: string | null;
  readonly cure: string | null;
}

/** A fault or a warning. */
export interface Trouble {
  readonly side: FindingSide;
  /** What is wrong, in a line. */
  readonly title: string;
  readonly evidence: readonly string[];
  readonly cause: string;
  /** What to do, in words; from the second line on what to paste. */
  readonly cure: string;
}

export function fault(id: FindingId, trouble: Trouble): Finding {
  return { id, status: "fault", ...trouble };
}

export function warning(id: FindingId, trouble: Trouble): Finding {
  return { id, status: "warning", ...trouble };
}

/** @param side who would be to blame if it were not so */
export function ok(id: FindingId, evidence: readonly string[] = [], side: FindingSide = "proxy"): Finding {
  return { id, status: "ok", side, title: titles[id], evidence, cause: null, cure: null };
}

/** All is well, and yet there is something that people get wrong about it. */
export function note(
  id: FindingId,
  { title, evidence, cause }: Pick<Trouble, "title" | "evidence" | "cause">,
): Finding {
  return { id, status: "ok", side: "proxy", title, evidence, cause, cure: null };
}

/** @param why a reason, and what would test it */
export function notTested(id: FindingId, why: string): Finding {
  return {
    id,
    status: "not-tested",
    side: "unknown",
    title: titles[id],
    evidence: [],
    cause: why,
    cure: null,
  };
}
