/**
 * Addresses as HAProxy writes them, of binds and of servers: `*:80`, `:443`, `[::]:80`, `127.0.0.1:8000-8010`,
 * `unix@/run/a.sock`, `/run/a.sock`, `abns@name`, `fd@3`, `app.internal:8080`.
 */

export interface Address {
  readonly kind: "tcp" | "unix" | "abstract" | "descriptor" | "quic" | "other";
  /** A name, an address, a path; empty for any address. */
  readonly host: string;
  /** The first of a range; null where there is none. */
  readonly port: number | null;
  /** Of a range of ports. */
  readonly lastPort: number | null;
}

/** @param text with variables of the environment filled in */
export function parseAddress(text: string): Address {
  if (/^@wsrally-/.test(text)) return { kind: "other", host: text, port: null, lastPort: null };
  const [, family = "", rest = text] = /^(\w+)@(.*)$/s.exec(text) ?? [];
  const none = { port: null, lastPort: null };
  if (family === "unix" || (family === "" && text.startsWith("/")))
    return { kind: "unix", host: rest, ...none };
  if (family === "abns" || family === "abnsz") return { kind: "abstract", host: rest, ...none };
  if (family === "fd") return { kind: "descriptor", host: rest, ...none };
  if (/^quic/.test(family)) return { kind: "quic", host: rest, ...none };
  if (!/^(?:|ipv4|ipv6|ip|tcp|tcp4|tcp6|stream|mptcp|mptcp4|mptcp6)$/.test(family))
    return { kind: "other", host: rest, ...none };
  const match = /^(.*?)(?::(\+?\d*)(?:-(\d+))?)?$/s.exec(bracketless(rest));
  const [, host = "", first, last] = match ?? [];
  const port = first === undefined || first === "" ? null : Number(first);
  return {
    kind: "tcp",
    host: host === "*" ? "" : host.replace(/^\[|\]$/g, ""),
    port,
    lastPort: last === undefined ? port : Number(last),
  };
}

/** `::1:80` as `[::1]:80`, for the last colon is the port's. */
function bracketless(text: string): string {
  const colons = text.split(":").length - 1;
  if (colons < 2 || text.startsWith("[")) return text;
  const at = text.lastIndexOf(":");
  return `[${text.slice(0, at)}]:${text.slice(at + 1)}`;
}

/** Whether what a server connects to is what a bind listens at. */
export function isSameSocket(server: Address, bind: Address): boolean {
  if (server.kind !== bind.kind) return false;
  if (server.kind !== "tcp") return server.host === bind.host;
  if (server.port === null || bind.port === null) return false;
  const isPort = server.port >= bind.port && server.port <= (bind.lastPort ?? bind.port);
  const isLocal = /^(?:127\.|localhost$|::1$)/.test(server.host);
  return isPort && (server.host === bind.host || (isLocal && /^(?:|0\.0\.0\.0|::)$/.test(bind.host)));
}

/** `bind a,b` listens at several. */
export function bindAddresses(word: string): Address[] {
  return word.split(",").map(parseAddress);
}
