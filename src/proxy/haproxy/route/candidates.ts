/**
 * Paths and hosts that a config's conditions ask for: what to try when looking for the WebSocket.
 */
import { sampleString } from "../../patterns/sample-string.js";
import { type ConfigLine, type ConfigTree, isProxy } from "../language/config-tree.js";
import { criteriaOf, splitCondition } from "./condition.js";
import { type Criterion, parseCriterion } from "./criterion.js";

export interface Candidates {
  readonly paths: readonly string[];
  /** With a port where a condition asks for it. */
  readonly hosts: readonly string[];
}

/** Asked for first wherever any path will do. */
export const usualPath = "/sock";
/** No honest config needs more, and their product is tried. */
const most = 60;

export function candidatesOf(
  tree: ConfigTree,
  readLines: (file: string) => readonly string[] | null,
): Candidates {
  const paths = new Set<string>([usualPath]);
  const hosts = new Set<string>();
  for (const criterion of everyCriterion(tree)) {
    const { fetch } = criterion.expression;
    const texts = [...criterion.patterns, ...criterion.files.flatMap((file) => readLines(file) ?? [])];
    const isHost = /hdr|sni/.test(fetch.name) && (fetch.args[0] ?? "host").toLowerCase() === "host";
    const isPath = /^(?:path|url|pathq|base|capture\.req\.uri)$/.test(fetch.name);
    for (const text of texts.slice(0, most)) {
      if (isPath) for (const path of pathsOf(text, criterion)) paths.add(path);
      if (isHost) for (const host of hostsOf(text, criterion)) hosts.add(host);
    }
    for (const map of criterion.expression.converters.filter(({ name }) => name.startsWith("map")))
      addKeys(map.args[0]);
  }
  for (const text of formats(tree))
    for (const file of text.matchAll(/,map\w*\(([^),]+)/g)) addKeys(file[1], text);
  return { paths: [...paths].slice(0, most), hosts: [...hosts].slice(0, most) };

  function addKeys(file: string | undefined, text = "hdr"): void {
    for (const line of (readLines(file ?? "") ?? []).slice(0, most)) {
      const key = /^\s*([^#\s]\S*)/.exec(line)?.[1];
      if (key === undefined) continue;
      if (key.startsWith("/")) paths.add(key);
      else if (/hdr|sni|base/.test(text)) hosts.add((key.split("/")[0] ?? "").replace(/^\*?\./, "www."));
    }
  }
}

function* everyCriterion(tree: ConfigTree): Generator<Criterion> {
  for (const section of tree.filter((one) => isProxy(one) || one.kind === "defaults")) {
    for (const one of section.lines) {
      if (one.name === "acl") {
        const criterion = parseCriterion(one.args.slice(1));
        if (criterion !== null) yield criterion;
      } else yield* criteriaOf(splitCondition(one.args).condition, () => []);
    }
  }
}

function formats(tree: ConfigTree): string[] {
  const lines: readonly ConfigLine[] = tree.flatMap((section) => section.lines);
  return lines
    .filter(({ name }) => name === "use_backend")
    .flatMap(({ args }) => args.filter((word) => word.includes("%[")));
}

function pathsOf(text: string, { method, expression }: Criterion): string[] {
  const bare = expression.fetch.name === "base" ? text.replace(/^[^/]*/, "") : text;
  switch (method) {
    case "str":
      return rooted(bare);
    case "beg":
      return [...rooted(bare), ...rooted(`${bare.replace(/\/$/, "")}${usualPath}`)];
    case "dir":
    case "sub":
      return rooted(`/${bare.replace(/^\/+/, "")}`);
    case "end":
      return bare.startsWith("/") ? rooted(bare) : [`${usualPath}${bare}`];
    case "reg":
      return rooted(sampleString(text, "", "/") ?? "");
    default:
      return [];
  }
}

function rooted(path: string): string[] {
  return path.startsWith("/") ? [path] : [];
}

function hostsOf(text: string, { method }: Criterion): string[] {
  const name = method === "str" ? text : text.replace(/:\d+$/, "");
  if (method === "reg") return [sampleString(text, "i", "") ?? ""].filter(Boolean);
  if (method === "beg")
    return [name.includes(".") && !name.endsWith(".") ? name : `${name.replace(/\.$/, "")}.example.com`];
  if (method === "end" || method === "dom" || method === "sub")
    return [name.startsWith(".") ? `www${name}` : name];
  return method === "str" ? [name] : [];
}
