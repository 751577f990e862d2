/**
 * The lines that touch a header on the WebSocket's way, to the backend or back.
 */
import { type Directive, linesNamed, words } from "../language/config-tree.js";
import { plainArguments } from "../route/addresses.js";
import type { ConfigView } from "./config-view.js";

/** `-X`, `+X`, `?X` and `>X` are what is done with it, and `X-*` stands for several. */
export function fieldOf(line: Directive): {
  readonly sign: string;
  readonly name: string;
  readonly value: string | null;
} {
  const [field = "", value = null] = line.name.startsWith("header_") ? words(line) : plainArguments(line);
  const [, sign = "", name = ""] = /^([-+?>]?)(.*)$/.exec(field) ?? [];
  return { sign, name: name.replace(/:$/, ""), value };
}

function touches(line: Directive, header: string): boolean {
  const name = fieldOf(line).name.toLowerCase();
  const wanted = header.toLowerCase();
  if (name.startsWith("*") && name.endsWith("*") && name.length > 1)
    return wanted.includes(name.slice(1, -1));
  if (name.startsWith("*")) return wanted.endsWith(name.slice(1));
  return name.endsWith("*") ? wanted.startsWith(name.slice(0, -1)) : name === wanted;
}

export function requestHeaderLines({ route, proxy }: ConfigView, header: string): Directive[] {
  const met = (route?.followed.met ?? []).filter(({ name }) => name === "request_header");
  const own = proxy === null ? [] : linesNamed(proxy, "header_up");
  return [...met.flatMap(withBlocks), ...own].filter((line) => touches(line, header));
}

/** Of a 101 nothing of `header_down` counts: its headers are written before. */
export function responseHeaderLines({ route }: ConfigView, header: string): Directive[] {
  const met = (route?.followed.met ?? []).filter(({ name }) => name === "header");
  return met.flatMap(withBlocks).filter((line) => touches(line, header));
}

export function headerDownLines({ proxy }: ConfigView, header: string): Directive[] {
  return proxy === null ? [] : linesNamed(proxy, "header_down").filter((line) => touches(line, header));
}

/** `header { … }` has a line for each field. */
function withBlocks(line: Directive): Directive[] {
  if (line.block === null) return [line];
  return line.block.map((inner) => ({
    ...inner,
    name: "header_up",
    args: [{ text: inner.name, quoted: false, place: inner.place }, ...inner.args],
  }));
}
