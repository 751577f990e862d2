/**
 * Files of a user's config on the disk: the one that is named, and the files of routes that its file provider names.
 */
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { messageOf, UsageError } from "../../../base/errors.js";
import { readSmallFile } from "../../../base/read-small-file.js";
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import { outsideError } from "../../reach/confinement.js";
import { placeToRead } from "../../reach/place-to-read.js";
import { createReach, type Reach } from "../../reach/reach.js";

const mostBytes = 4 * 1024 ** 2;
/** Of a folder with all that are below it. */
const mostFiles = 500;
const mostDepth = 8;

export interface ConfigFiles {
  readonly reach: Reach;
  /** Where a path of the config lies on this machine. */
  placeOf(path: string): string;
  /** What a file is called in messages: as the config is, where it lies beside it or below. */
  called(at: string): string;
  /** @throws UsageError when it cannot be read */
  read(at: string, what: string, place: Place | null): string;
  /** The files of routes below a folder, in Traefik's order. @throws UsageError for one out of a stranger's reach */
  below(folder: string, what: string, place: Place | null): string[];
}

/** @param file the user's own; paths of its are relative to where it is started, for which its folder is taken */
export function createConfigFiles(file: string, confinedTo: readonly ReadableFolder[] | null): ConfigFiles {
  const reach = createReach(confinedTo);
  return {
    reach,
    placeOf: (path) => deployedPlace(path, dirname(resolve(file)), reach),
    called(at) {
      const below = relative(dirname(resolve(file)), at);
      return below.startsWith("..") || isAbsolute(below) ? at : join(dirname(file), below);
    },
    read(at, what, place) {
      if (reach.isOutside(at)) throw outsideError(what, place, confinedTo ?? []);
      return readText(placeToRead(at, reach), place);
    },
    below(folder, what, place) {
      if (reach.isOutside(folder)) throw outsideError(what, place, confinedTo ?? []);
      return filesBelow(folder, reach, 0).slice(0, mostFiles);
    },
  };
}

function readText(path: string, place: Place | null): string {
  try {
    return readSmallFile(path, mostBytes).toString("utf8");
  } catch (thrown) {
    const from = place === null ? "" : ` (${placeWords(place)})`;
    throw new UsageError(`Cannot read ${path}${from}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

/** Beside the config where it is relative, or was deployed from there: a container has it elsewhere. */
export function deployedPlace(
  path: string,
  folder: string,
  reach: Pick<Reach, "fileAt" | "namesIn">,
): string {
  if (!isAbsolute(path)) return resolve(folder, path);
  const isThere = (one: string): boolean => reach.fileAt(one) !== null || reach.namesIn(one).length > 0;
  if (isThere(path)) return path;
  const parts = path.split(sep).filter(Boolean);
  const beside = parts.map((_, at) => join(folder, ...parts.slice(at)));
  return beside.find(isThere) ?? path;
}

function filesBelow(folder: string, reach: Reach, depth: number): string[] {
  if (depth > mostDepth) return [];
  return [...reach.namesIn(folder)].sort().flatMap((name) => {
    const at = join(folder, name);
    if (/\.(?:ya?ml|toml)$/i.test(name)) return reach.fileAt(at) === null ? [] : [at];
    return basename(name).startsWith(".") ? [] : filesBelow(at, reach, depth + 1);
  });
}
