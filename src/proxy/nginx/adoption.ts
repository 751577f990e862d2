/**
 * What the steps of an adoption share: where the user's file is, what it is to run against, and the list of changes.
 */
import { dirname, resolve } from "node:path";
import { UsageError } from "../../base/errors.js";
import { type Origin, placeOf } from "./nginx-tree.js";

export interface Adoption {
  /** The file as the user named it. */
  readonly file: string;
  /** The folder it lies in, which relative paths start from. */
  readonly configFolder: string;
  readonly connections: number;
  /** Path of the WebSocket. */
  readonly path: string;
  /** Notes a change; the same sentence about several places becomes one. */
  note(sentence: string, origin: Origin | null): void;
  changes(): string[];
}

export function createAdoption(file: string, workload: { connections: number; path: string }): Adoption {
  const placesBySentence = new Map<string, Set<string>>();
  return {
    file,
    configFolder: dirname(resolve(file)),
    connections: workload.connections,
    path: workload.path,
    note(sentence, origin) {
      const places = placesBySentence.get(sentence) ?? new Set();
      if (origin !== null) places.add(placeOf(origin));
      placesBySentence.set(sentence, places);
    },
    changes: () =>
      [...placesBySentence].map(([sentence, places]) =>
        places.size === 0 ? sentence : `${sentence} (${[...places].join(", ")})`,
      ),
  };
}

/** For what nginx would take and wsrally cannot run in private. */
export function notSupported(what: string, origin: Origin | null): UsageError {
  return new UsageError(`Cannot adopt ${placeOf(origin)}: ${what} is not supported yet`);
}
