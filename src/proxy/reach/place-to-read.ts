/**
 * Where the file of a config is opened. What is not in reach is never opened by its own name on this machine: for files that
 * have come from elsewhere, that name is another's here.
 */
import { UsageError } from "../../base/errors.js";
import { untrackedWords } from "./confinement.js";
import type { Reach } from "./reach.js";

/**
 * @returns the path itself where the whole machine is in reach: what is wrong with it, the system says
 * @throws UsageError for what is not in reach
 */
export function placeToRead(path: string, reach: Reach): string {
  const found = reach.fileAt(path);
  if (found !== null) return found;
  if (reach.isGitsToTell(path)) throw new UsageError(`Cannot read ${path}: ${untrackedWords(path)}`);
  if (reach.extent === "machine") return path;
  const why = reach.extent === "carried" ? "it has not come with the config" : "there is no such file";
  throw new UsageError(`Cannot read ${path}: ${why}`);
}
