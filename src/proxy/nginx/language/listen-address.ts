/**
 * The address of a `listen`, by nginx's rules: a port, a host, both, or a Unix socket.
 */
import type { Directive } from "./nginx-tree.js";

const withPort = /^(?:(?:\[[\da-f:.]+\]|\*|\w(?:[\w.-]*\w)?):)?(\d+)(?:-(\d+))?$/i;
const hostAlone = /^(?:\[[\da-f:.]+\]|\*|\w(?:[\w.-]*\w)?)$/i;

/** Anything else nginx refuses, or looks up as a name that it is not. */
export function isListenAddress(address: string): boolean {
  if (address.startsWith("unix:")) return address.length > "unix:".length;
  const [whole, from = "", to = from] = withPort.exec(address) ?? [];
  if (whole === undefined) return hostAlone.test(address);
  return Number(from) >= 1 && Number(to) <= 65_535 && Number(from) <= Number(to);
}

/** `80`, `*:80` and `0.0.0.0:80` are one address; so are `host` and `host:80`. */
export function normalAddress(address: string): string {
  if (/^\d+$/.test(address)) return `*:${address}`;
  if (address.startsWith("unix:")) return address;
  const full = /:\d+$/.test(address) ? address : `${address}:80`;
  return full.replace(/^0\.0\.0\.0:/, "*:");
}

/** Whether a server speaks TLS on the listen that clients most likely use. */
export function speaksTls({ block }: Directive): boolean {
  return (block ?? []).some(
    ({ name, args }) => (name === "listen" && args.includes("ssl")) || (name === "ssl" && args[0] === "on"),
  );
}

/**
 * The port that a browser writes into Host and Origin for this server, by its listens as written; null for the
 * scheme's own, which browsers leave out, and where one of the listens is on that.
 */
export function writtenPort(server: Directive): number | null {
  const tls = speaksTls(server);
  const listens = (server.block ?? []).filter(
    ({ name, args }) => name === "listen" && !args.includes("quic"),
  );
  // Of several the one that is measured: TLS before plain.
  const marked = listens.filter(({ args }) => args.includes("ssl"));
  const ports = (marked.length > 0 ? marked : listens)
    .map(({ args: [address = ""] }) => Number(/:(\d+)$/.exec(normalAddress(address))?.[1]))
    .filter((port) => Number.isInteger(port));
  const [first] = ports;
  return first === undefined || ports.includes(tls ? 443 : 80) ? null : first;
}
