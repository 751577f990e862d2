/**
 * A server's names: which server a name belongs to, by nginx's order of preference, and a name to ask for.
 */
import { compilePattern, sampleString } from "../../patterns/sample-string.js";
import { testPattern } from "../../patterns/test-pattern.js";
import type { Directive } from "../language/nginx-tree.js";

export function serverNames(server: Directive): string[] {
  return (server.block ?? []).filter(({ name }) => name === "server_name").flatMap(({ args }) => args);
}

/** A host name that the server answers to; null for a server without one (`_`, an empty name). */
export function sampleServerName(server: Directive): string | null {
  const samples = serverNames(server).map(sampleOf);
  return samples.find((sample) => sample !== null) ?? null;
}

function sampleOf(name: string): string | null {
  if (name.startsWith("~")) {
    const sample = sampleString(name.slice(1), "i", "");
    return sample !== null && isHostName(sample) ? sample : null;
  }
  const plain = name.replace(/^\*\./, "www.").replace(/^\./, "").replace(/\.\*$/, ".example");
  return isHostName(plain) ? plain : null;
}

/** `_` and its like are made to be no host's name; an address is none either. */
function isHostName(name: string): boolean {
  return /[a-z]/i.test(name) && /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_-]+)*$/i.test(name);
}

/** How well a server fits a name: the name itself, `*.name`, `name.*`, a pattern, or (0) not at all. */
export function nameFit(server: Directive, asked: string): number {
  const host = asked.toLowerCase().replace(/:\d+$/, "");
  return Math.max(0, ...serverNames(server).map((name) => fitOf(name.toLowerCase(), name, host)));
}

function fitOf(name: string, written: string, host: string): number {
  if (name.startsWith("~")) {
    const pattern = compilePattern(written.slice(1), "i");
    return pattern !== null && testPattern(pattern, host) ? 1 : 0;
  }
  if (name === host || name === `.${host}`) return 4e6;
  // Of several wildcards the longest goes first.
  if (name.startsWith("*.") && host.endsWith(name.slice(1))) return 2e6 + name.length;
  if (name.startsWith(".") && host.endsWith(name)) return 2e6 + name.length;
  if (name.endsWith(".*") && host.startsWith(name.slice(0, -1))) return 1e6 + name.length;
  return 0;
}
