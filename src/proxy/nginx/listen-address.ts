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
