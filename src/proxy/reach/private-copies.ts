/**
 * Copies of a user's own files for a private folder: the proxy need not be able to read the originals.
 */
import { statSync } from "node:fs";
import { UsageError } from "../../base/errors.js";
import { readSmallFile } from "../../base/read-small-file.js";
import { type Place, placeWords } from "../../diagnosis/quote.js";
import type { ReadableFolder } from "../../scenario/arm.js";
import { outsideError } from "./confinement.js";
import { createReach } from "./reach.js";

export interface PrivateCopies {
  /**
   * A file's name in the private folder. Null for one that this user may not read, or that is none; the proxy has words
   * for it.
   * @param what it stands in, for a refusal: "errorfile 503 /etc/x"
   * @param edit changes what is copied; a file may have a copy as it is beside
   * @throws UsageError for one out of a stranger's reach, or that is here and was not carried here
   */
  copyOf(path: string, what: string, place: Place | null, edit?: (text: string) => string): string | null;
  files(): ReadonlyMap<string, Buffer>;
  /** The originals by the name of their copies. */
  originals(): ReadonlyMap<string, string>;
}

/** Longer than any key, certificate, map or list of users. */
const longestBytes = 4 * 1024 ** 2;

/** @param confinedTo the folders that a stranger's config may be read from; null for a user's own */
export function createPrivateCopies(confinedTo: readonly ReadableFolder[] | null): PrivateCopies {
  const reach = createReach(confinedTo);
  const copies: { readonly path: string; readonly edit: unknown; readonly name: string }[] = [];
  const files = new Map<string, Buffer>();
  return {
    copyOf(path, what, place, edit) {
      if (reach.isOutside(path)) throw outsideError(what, place, confinedTo ?? []);
      const known = copies.find((copy) => copy.path === path && copy.edit === edit);
      if (known !== undefined) return known.name;
      const file = reach.fileAt(path);
      if (file === null && reach.extent === "carried" && isFile(path))
        throw new UsageError(
          `Cannot adopt ${placeWords(place)}: ${what} has not come with the config, and this host's own is another`,
        );
      const content = file === null ? null : readCopied(file);
      if (content === null) return null;
      const name = `kept-${copies.length}`;
      copies.push({ path, edit, name });
      files.set(name, edit === undefined ? content : Buffer.from(edit(content.toString("utf8"))));
      return name;
    },
    files: () => files,
    originals: () => new Map(copies.map(({ path, name }) => [name, path])),
  };
}

/** Null for what is no file that can be read. @param path where it is, whatever its config calls it */
export function readCopied(path: string): Buffer | null {
  try {
    return readSmallFile(path, longestBytes);
  } catch {
    // Missing, kept from this user, too long, or no file.
    return null;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Kept from this user, or no path at all.
    return false;
  }
}
