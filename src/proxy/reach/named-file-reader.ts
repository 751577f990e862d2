/**
 * Reads the files that a config names, none of them longer than such a file has need to be, and not more than a run has
 * room for.
 */
import { readFileSync, statSync } from "node:fs";
import type { ReadableFolder } from "../../scenario/arm.js";
import { createReach, type Reach } from "./reach.js";

export interface NamedFileReader {
  readonly reach: Reach;
  /** Where a file is to be read; null for what is no plain file in reach: most words of a config are none. */
  plainFileAt(path: string): string | null;
  /** Null for what is none, and for what there is no room for. */
  read(path: string): Buffer | null;
  /** The same, or what tells one such file from another. */
  readOrSize(path: string): Buffer;
}

const longestBytes = 4 * 1024 ** 2;
/** Of all that are kept: a few bytes in git unpack to as many files of that length as there are words. */
const mostBytes = 64 * 1024 ** 2;

export function createNamedFileReader(folders: readonly ReadableFolder[]): NamedFileReader {
  const reach = createReach(folders);
  let room = mostBytes;
  const plainFileAt = (path: string): string | null => {
    try {
      const found = reach.fileAt(path);
      return found !== null && statSync(found).isFile() ? found : null;
    } catch {
      // Kept from this user, or no path at all.
      return null;
    }
  };
  const read = (path: string): Buffer | null => {
    const file = room > 0 ? plainFileAt(path) : null;
    const content = file === null || statSync(file).size > longestBytes ? null : readFileSync(file);
    room -= content?.length ?? 0;
    return content;
  };
  return {
    reach,
    plainFileAt,
    read,
    readOrSize(path) {
      const file = plainFileAt(path);
      return read(path) ?? Buffer.from(file === null ? "gone" : `${statSync(file).size} bytes`);
    },
  };
}
