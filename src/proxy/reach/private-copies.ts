/**
 * Copies of a user's own files for a private folder: the proxy need not be able to read the originals.
 */
import { readSmallFile } from "../../base/read-small-file.js";
import type { Place } from "../../diagnosis/quote.js";
import type { ReadableFolder } from "../../scenario/arm.js";
import { outsideError } from "./confinement.js";
import { createReach } from "./reach.js";

export interface PrivateCopies {
  /**
   * A file's name in the private folder. Null for one that this user may not read, or that is none; the proxy has words
   * for it.
   * @param what it stands in, for a refusal: "errorfile 503 /etc/x"
   * @throws UsageError for one out of a stranger's reach
   */
  copyOf(path: string, what: string, place: Place | null): string | null;
  files(): ReadonlyMap<string, Buffer>;
  /** The originals by the name of their copies. */
  originals(): ReadonlyMap<string, string>;
}

/** Longer than any key, certificate, map or list of users. */
const longestBytes = 4 * 1024 ** 2;

/** @param confinedTo the folders that a stranger's config may be read from; null for a user's own */
export function createPrivateCopies(confinedTo: readonly ReadableFolder[] | null): PrivateCopies {
  const reach = createReach(confinedTo);
  const names = new Map<string, string>();
  const files = new Map<string, Buffer>();
  return {
    copyOf(path, what, place) {
      if (reach.isOutside(path)) throw outsideError(what, place, confinedTo ?? []);
      const known = names.get(path);
      const file = known === undefined ? reach.fileAt(path) : null;
      const content = file === null ? null : readFile(file);
      if (content === null) return known ?? null;
      const name = `kept-${names.size}`;
      names.set(path, name);
      files.set(name, content);
      return name;
    },
    files: () => files,
    originals: () => new Map([...names].map(([path, name]) => [name, path])),
  };
}

/** Null for what is no file that can be read. */
function readFile(path: string): Buffer | null {
  try {
    return readSmallFile(path, longestBytes);
  } catch {
    // Missing, kept from this user, too long, or no file.
    return null;
  }
}
