/**
 * Files of a user's config on the disk: the config itself, and what its includes name, wherever it is deployed to.
 */
import { statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { messageOf, UsageError } from "../../../base/errors.js";
import { readSmallFile } from "../../../base/read-small-file.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import { outsideError } from "../../reach/confinement.js";
import { globFiles, isGlob } from "../../reach/glob-files.js";
import { fixedPart } from "../../reach/include-paths.js";
import { placeToRead } from "../../reach/place-to-read.js";
import { createReach, type Reach } from "../../reach/reach.js";

export interface ConfigFiles {
  readonly reach: Reach;
  /** @throws UsageError when it cannot be read, or makes the config too large */
  read(path: string): string;
  /**
   * What a path or a pattern of the config names, those in a folder one by one.
   * @throws what `outside` makes of one that a stranger's config may not name
   */
  find(pattern: string, serverRoot: string | null): Found;
}

export interface Found {
  readonly files: readonly string[];
  /** Whether it was looked for where the config was deployed from. */
  readonly isBeside: boolean;
  readonly isOutside: boolean;
}

const most = { files: 5000, bytes: 32 * 1024 ** 2 };
/** Of a stranger's, which is not to keep a job busy. */
const mostConfined = { ...most, bytes: 4 * 1024 ** 2 };

/** Where a config is deployed to: Debian, Red Hat, httpd's own build, FreeBSD. */
const deployed =
  /^(?:\/etc\/(?:apache2|httpd)|\/usr\/local\/apache2|\/usr\/local\/etc\/apache2\d|\/opt\/(?:apache2?|httpd)|\/usr\/local\/etc\/httpd)\/(.+)$/;

/** Below the folder that it is deployed to; null for a path of the machine. */
export function deployedPath(path: string): string | null {
  return deployed.exec(path)?.[1] ?? null;
}

/** Where a path of a config may lie: as it says, below its ServerRoot, beside the config, or one folder above. */
export function placesOf(path: string, folder: string, serverRoot: string | null): readonly string[] {
  const beside = (below: string): string[] => [
    resolve(folder, below),
    resolve(dirname(folder), below),
    // `conf/extra/x` of a config that lies in `conf`.
    ...(below.includes("/") && !isGlob(below) ? [resolve(folder, below.slice(below.indexOf("/") + 1))] : []),
  ];
  if (!isAbsolute(path)) return [...(serverRoot === null ? [] : [join(serverRoot, path)]), ...beside(path)];
  const below = deployedPath(path);
  return [path, ...(below === null ? [] : beside(below))];
}

/** @param file the config, as its user named it */
export function openConfigFiles(file: string, confinedTo: readonly ReadableFolder[] | null): ConfigFiles {
  const reach = createReach(confinedTo);
  if (reach.isOutside(file)) throw outsideError("the config", { file, line: 1 }, confinedTo ?? []);
  const folder = dirname(resolve(file));
  const limits = confinedTo === null ? most : mostConfined;
  let [files, bytes] = [0, 0];
  return {
    reach,
    read(path) {
      const place = placeToRead(path, reach);
      try {
        const text = readSmallFile(place, limits.bytes).toString("utf8");
        files++;
        bytes += text.length;
        if (files > limits.files || bytes > limits.bytes)
          throw new UsageError(`with all it includes ${file} comes to more than wsrally reads of a config`);
        return text;
      } catch (thrown) {
        throw new UsageError(`Cannot read ${path}: ${messageOf(thrown)}`, { cause: thrown });
      }
    },
    find(pattern, serverRoot) {
      const places = placesOf(pattern, folder, serverRoot);
      const allowed = places.filter((path) => !reach.isOutside(fixedPart(path)));
      for (const path of allowed) {
        const found = filesAt(path, reach);
        const isOutside = found.some((one) => reach.isOutside(one));
        if (found.length > 0) return { files: found, isBeside: path !== places[0], isOutside };
      }
      return { files: [], isBeside: false, isOutside: !allowed.includes(places[0] as string) };
    },
  };
}

/** A folder stands for every file below it, as Apache reads it. */
function filesAt(path: string, reach: Reach): string[] {
  const named = isGlob(path) ? globFiles(path, reach) : [path];
  return named.flatMap((one) => (isFolder(one, reach) ? filesIn(one, reach, 0) : hasFile(one, reach)));
}

function hasFile(path: string, reach: Reach): string[] {
  return reach.isOutside(path) || reach.fileAt(path) !== null ? [path] : [];
}

function filesIn(folder: string, reach: Reach, depth: number): string[] {
  if (depth > 8) return [];
  const paths = [...reach.namesIn(folder)].sort().map((name) => join(folder, name));
  return paths.flatMap((one) =>
    isFolder(one, reach) ? filesIn(one, reach, depth + 1) : hasFile(one, reach),
  );
}

function isFolder(path: string, reach: Reach): boolean {
  const found = reach.isOutside(path) ? null : reach.fileAt(path);
  return found !== null && (statSync(found, { throwIfNoEntry: false })?.isDirectory() ?? false);
}
