/**
 * Who imports whom, read from the source's text: what the rules on circles and on reach look at.
 */
import { dirname, join } from "node:path";

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** `import type`, or nothing but types between its braces: it is gone once compiled. */
  readonly isType: boolean;
  /** `import()`: loaded when it is asked for. */
  readonly isLazy: boolean;
}

/** Path of a file to what it imports, both below src/. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

export function importsOf(text: string): Import[] {
  const pattern =
    /^(?:import|export)\s(type\s)?([^;"]*?)from "([^"]+)"|\bimport\("([^"]+)"\)|^import "([^"]+)"/gms;
  return [...text.matchAll(pattern)].map(([, type, names = "", from, dynamic, bare]) => ({
    specifier: from ?? dynamic ?? bare ?? "",
    isType: type !== undefined || holdsTypesAlone(names),
    isLazy: dynamic !== undefined,
  }));
}

function holdsTypesAlone(names: string): boolean {
  const inBraces = /^\s*\{([^}]*)\}\s*$/
    .exec(names)?.[1]
    ?.split(",")
    .filter((name) => name.trim() !== "");
  return inBraces?.length !== 0 && inBraces?.every((name) => name.trim().startsWith("type ")) === true;
}

/**
 * @param sources path below src/, and text; imports of packages and of what is not among them are left out
 * @param kept `all`, or what is `loaded` at once with a file: no types, and nothing that is asked for later
 */
export function importGraph(
  sources: readonly { readonly path: string; readonly text: string }[],
  { kept }: { readonly kept: "all" | "loaded" },
): ImportGraph {
  const known = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter(({ specifier }) => specifier.startsWith("."))
        .filter(({ isType, isLazy }) => kept === "all" || !(isType || isLazy))
        .map(({ specifier }) => join(dirname(path), specifier).replace(/\.js$/, ".ts"))
        .filter((target) => known.has(target)),
    ]),
  );
}

/** The shortest circle through each file that lies on one, each circle once, as "a.ts > b.ts > a.ts". */
export function findCircles(graph: ImportGraph): string[] {
  const circles = new Map<string, string>();
  for (const start of [...graph.keys()].sort()) {
    const circle = shortestWayBack(graph, start);
    const members = circle === null ? "" : [...new Set(circle)].sort().join(" ");
    if (circle !== null && !circles.has(members)) circles.set(members, circle.join(" > "));
  }
  return [...circles.values()];
}

function shortestWayBack(graph: ImportGraph, start: string): string[] | null {
  const cameFrom = new Map<string, string>();
  for (const queue = [start]; queue.length > 0; ) {
    const at = queue.shift() ?? start;
    for (const next of graph.get(at) ?? []) {
      if (next === start) {
        const way = [start];
        for (let step = at; step !== start; step = cameFrom.get(step) ?? start) way.unshift(step);
        return [start, ...way];
      }
      if (!cameFrom.has(next)) queue.push(next);
      if (!cameFrom.has(next)) cameFrom.set(next, at);
    }
  }
  return null;
}

/** Every file that is loaded with this one, itself included. */
export function reachOf(graph: ImportGraph, start: string): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const path of reached) for (const next of graph.get(path) ?? []) reached.add(next);
  return reached;
}
