/**
 * Limits on connections where each carries many WebSockets (RFC 8441): those on what clients open hold as many times more,
 * those on what the proxy opens to its backend hold as they are. Pure.
 */
import type { ForetoldLimit, LimitName } from "../diagnosis/limit.js";

interface Streams {
  /** WebSockets on a connection of the clients. */
  readonly streams: number;
  /** That the proxy takes for a WebSocket over HTTP/1.1, the client's among them; null where nobody knows. */
  readonly filesPerConnection: number | null;
}

/** Of each connection that comes, whatever is on it. */
const ofClients: readonly LimitName[] = [
  "maxconn",
  "frontend-maxconn",
  "listen-backlog",
  "limit-conn",
  "generator-ports",
];

export function overStreams(limit: ForetoldLimit, { streams, filesPerConnection }: Streams): ForetoldLimit {
  const { name, foretold, note } = limit;
  if (streams === 1 || foretold === null) return limit;
  const words = `${streams} WebSockets a connection over HTTP/2`;
  if (ofClients.includes(name))
    return { ...limit, foretold: foretold * streams, note: `${note}; ${words}`, admission: null };
  if (name !== "proxy-descriptors" || filesPerConnection === null) return limit;
  const each = filesPerConnection - 1 + 1 / streams;
  return {
    ...limit,
    foretold: Math.floor((foretold * filesPerConnection) / each),
    note: `${note}; ${words}, so that each takes ${Number(each.toFixed(2))}`,
  };
}
