/**
 * What the steps of an adoption share: where the user's file is, what it is to run against, and the list of changes.
 */
import { dirname, resolve } from "node:path";
import { readSmallFile } from "../../../base/read-small-file.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import type { ProxyWish } from "../../proxy.js";
import { outsideError } from "../../reach/confinement.js";
import { createReach, type Reach } from "../../reach/reach.js";
import { type Directive, type Origin, placeOf } from "../language/nginx-tree.js";

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
  /** The folders that it may be read from, as it is a stranger's; null for a user's own config. */
  readonly confinedTo: readonly ReadableFolder[] | null;
  /** What may be read for it, by the path. */
  readonly reach: Reach;
  /** What the user said of the server to measure; null for what the config says itself. */
  readonly wanted: { readonly serverName: string | null; readonly path: string | null };
  /**
   * A file's name in the private folder, where a copy of it is to lie: nginx need not be able to read the original.
   * Null for one that this user may not read, or that is none; nginx has words for it.
   * @throws UsageError for one out of a stranger's reach
   */
  copyOf(path: string, node: Directive): string | null;
  /** The end of a sentence about a file that is not read: "cannot be read". */
  whyUnread(path: string): string;
  /** Copies so far: content and original by name. */
  copies(): ReadonlyMap<string, FileCopy>;
  /** Notes a change; the same sentence about several places becomes one. */
  note(sentence: string, origin: Origin | null): void;
  changes(): string[];
}

export interface FileCopy {
  readonly original: string;
  readonly content: Buffer;
}

/** Longer than any key, certificate or list of users. */
const longestCopyBytes = 4 * 1024 ** 2;

export function createAdoption(
  file: string,
  {
    connections,
    backend,
    serverName,
    path,
    confinedTo = null,
  }: Pick<ProxyWish, "connections" | "backend" | "serverName" | "path" | "confinedTo">,
): Adoption {
  const copies = new Map<string, FileCopy>();
  const reach = createReach(confinedTo);
  const placesBySentence = new Map<string, Set<string>>();
  return {
    file,
    configFolder: dirname(resolve(file)),
    connections,
    severalPorts: (backend.morePorts ?? []).length > 0,
    backendTls: backend.overTls !== undefined,
    confinedTo,
    wanted: { serverName, path },
    reach,
    whyUnread: (path) =>
      reach.isGitsToTell(path) && reach.fileAt(path) === null
        ? "is no file that git tracks"
        : "cannot be read",
    copies: () => copies,
    copyOf(path, { name, args, origin }) {
      if (reach.isOutside(path)) throw outsideError(`${name} ${args[0]}`, origin, confinedTo ?? []);
      const known = [...copies].find(([, { original }]) => original === path)?.[0];
      const file = known === undefined ? reach.fileAt(path) : null;
      const content = file === null ? null : readSmall(file);
      if (content === null) return known ?? null;
      const copy = `kept-${copies.size}`;
      copies.set(copy, { original: path, content });
      return copy;
    },
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

/** Null for what is no file that can be read. */
function readSmall(path: string): Buffer | null {
  try {
    return readSmallFile(path, longestCopyBytes);
  } catch {
    // Missing, kept from this user, too long, or no file.
    return null;
  }
}
