/**
 * What the steps of an adoption share: where the user's file is, what it is to run against, and the list of changes.
 */
import { dirname, resolve } from "node:path";
import type { ProxySetting } from "../proxy.js";
import { type Origin, placeOf } from "./nginx-tree.js";

export interface Adoption {
  /** The file as the user named it. */
  readonly file: string;
  /** The folder it lies in, which relative paths start from. */
  readonly configFolder: string;
  readonly connections: number;
  /** Whether wsrally's backend has more than one port. */
  readonly severalPorts: boolean;
  /** Whether wsrally's backend speaks TLS where the config asks its upstream over TLS. */
  readonly backendTls: boolean;
  /** What the user said of the server to measure; null for what the config says itself. */
  readonly wanted: { readonly serverName: string | null; readonly path: string | null };
  /** Notes a change; the same sentence about several places becomes one. */
  note(sentence: string, origin: Origin | null): void;
  changes(): string[];
}

export function createAdoption(
  file: string,
  {
    connections,
    backend,
    serverName,
    path,
  }: Pick<ProxySetting, "connections" | "backend" | "serverName" | "path">,
): Adoption {
  const placesBySentence = new Map<string, Set<string>>();
  return {
    file,
    configFolder: dirname(resolve(file)),
    connections,
    severalPorts: (backend.morePorts ?? []).length > 0,
    backendTls: backend.overTls !== undefined,
    wanted: { serverName, path },
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
