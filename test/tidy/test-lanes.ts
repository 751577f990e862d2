/**
 * What a test's file name promises (`tools/run-tests.js`): one without a word for its lane shares a process with others, so
 * neither it nor what it imports of the tests' own may start a process or a thread, or open a socket.
 */
import { importGraph, importsOf, reachOf } from "./import-graph.js";

export interface TestSource {
  /** Below test/. */
  readonly path: string;
  readonly text: string;
}

const starters =
  /^(?:node:(?:child_process|cluster|dgram|https?|http2|net|tls|worker_threads)|playwright-core|ws)$/;

/** @param launchers the modules of the source that start processes or threads themselves, as tests import them */
export function brokenPromises(
  sources: readonly TestSource[],
  launchers: ReadonlySet<string> = new Set(),
): string[] {
  const graph = importGraph(sources, { kept: "loaded" });
  const textOf = new Map(sources.map(({ path, text }) => [path, text]));
  return sources
    .filter(({ path }) => /^[^.]*\.test\.ts$/.test(path))
    .flatMap(({ path }) =>
      [...reachOf(graph, path)].flatMap((by) =>
        importsOf(textOf.get(by) ?? "")
          .filter(
            ({ specifier, isType }) => !isType && (starters.test(specifier) || launchers.has(specifier)),
          )
          .map(({ specifier }) => `${path}: ${specifier}${by === path ? "" : ` by ${by}`}`),
      ),
    );
}

/** Tests whose names have a word that is no lane's. */
export function strayNames(sources: readonly TestSource[]): string[] {
  return sources
    .map(({ path }) => path)
    .filter((path) => path.endsWith(".test.ts"))
    .filter((path) => !/^[a-z0-9/-]+(?:\.(?:real|alone|nightly))?\.test\.ts$/.test(path));
}
