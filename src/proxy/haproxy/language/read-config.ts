/**
 * A user's config from the disk: one file, or a folder whose `.cfg` files HAProxy reads one after the other.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { messageOf, UsageError } from "../../../base/errors.js";
import { readSmallFile } from "../../../base/read-small-file.js";
import type { ReadableFolder } from "../../../scenario/arm.js";
import { outsideError } from "../../reach/confinement.js";
import { placeToRead } from "../../reach/place-to-read.js";
import { createReach, type Reach } from "../../reach/reach.js";
import type { HaproxyBuild } from "./conditions.js";
import type { ConfigTree } from "./config-tree.js";
import { type ConfigEnvironment, createEnvironment } from "./environment.js";
import { parseConfig, type SourceFile } from "./parse-config.js";

export interface ReadConfig {
  readonly tree: ConfigTree;
  readonly environment: ConfigEnvironment;
  readonly files: readonly SourceFile[];
}

interface ReadTerms {
  readonly confinedTo: readonly ReadableFolder[] | null;
  readonly program: HaproxyBuild | null;
}

const mostBytes = 4 * 1024 ** 2;

/** @throws UsageError when it cannot be read, ConfigRefusedError when it is not well-formed */
export function readConfig(file: string, { confinedTo, program }: ReadTerms): ReadConfig {
  const reach = createReach(confinedTo);
  if (reach.isOutside(file)) throw outsideError("the config", { file, line: 1 }, confinedTo ?? []);
  const files = configFiles(file, reach).map((name) => readSource(name, reach));
  const outside = confinedTo === null ? process.env : {};
  const names = files.map(({ name }) => name);
  const environment = createEnvironment(outside, names, program?.version ?? "2.8");
  return { tree: parseConfig(files, environment, program), environment, files };
}

/** Of a folder those that HAProxy's `-f FOLDER` takes: `.cfg`, not hidden, in the order of their names. */
export function configFiles(file: string, reach: Reach): string[] {
  const place = reach.fileAt(file);
  // What is not there is told of when it is read.
  if (place === null || !isFolder(place)) return [file];
  const names = reach.namesIn(file).filter((name) => name.endsWith(".cfg") && !name.startsWith("."));
  if (names.length === 0)
    throw new UsageError(`Cannot read ${file}: the folder has no file that ends in .cfg`);
  return names.sort().map((name) => join(file, name));
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readSource(name: string, reach: Reach): SourceFile {
  const place = placeToRead(name, reach);
  try {
    return { name, text: readSmallFile(place, mostBytes).toString("utf8") };
  } catch (thrown) {
    throw new UsageError(`Cannot read ${name}: ${messageOf(thrown)}`, { cause: thrown });
  }
}
