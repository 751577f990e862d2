/**
 * Files of a user's config on the disk: the config itself, and what it names.
 */
import { dirname, isAbsolute, join, resolve } from "node:path";
import { messageOf, UsageError } from "../../../base/errors.js";
import { readSmallFile } from "../../../base/read-small-file.js";
import { type Place, placeWords } from "../../../diagnosis/quote.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import { outsideError } from "../../reach/confinement.js";
import { placeToRead } from "../../reach/place-to-read.js";
import { createReach, type Reach } from "../../reach/reach.js";
import type { ConfigMap } from "../../tree/config-node.js";
import { parseConfig } from "./parse-config.js";

const mostBytes = 4 * 1024 ** 2;

export interface ConfigFiles {
  /** Where a path of the config lies on this machine. */
  placeOf(path: string): string;
  /** @throws UsageError when it cannot be read, ConfigRefusedError when it is not well-formed */
  read(path: string, what: string, place: Place | null): ConfigMap;
}

/** @param folder the config's own */
export function createConfigFiles(folder: string, confinedTo: readonly ReadableFolder[] | null): ConfigFiles {
  const reach = createReach(confinedTo);
  const placeOf = (path: string): string => deployedPlace(path, folder, reach);
  return {
    placeOf,
    read(path, what, place) {
      const at = placeOf(path);
      if (reach.isOutside(at)) throw outsideError(what, place, confinedTo ?? []);
      return parseConfig(at, readText(placeToRead(at, reach), place));
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

/** Beside the config where it is relative, or was deployed from there to `/etc/envoy`. */
export function deployedPlace(path: string, folder: string, { fileAt }: Pick<Reach, "fileAt">): string {
  if (!isAbsolute(path)) return resolve(folder, path);
  const below = /^\/(?:usr\/local\/)?etc\/envoy\/(.+)$/.exec(path)?.[1];
  if (below === undefined) return path;
  const beside = join(folder, below);
  return fileAt(beside) !== null && fileAt(path) === null ? beside : path;
}

export function folderOf(file: string): string {
  return dirname(resolve(file));
}
