/**
 * A user's config from the disk: one file, or a folder whose `.cfg` files HAProxy reads one after the other.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf, UsageError } from "../../../base/errors.js";
import { readSmallFile } from "../../../base/read-small-file.js";
import { isWithin, outsideError } from "../../reach/confinement.js";
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
  readonly confinedTo: readonly string[] | null;
  readonly program: HaproxyBuild | null;
}

const mostBytes = 4 * 1024 ** 2;

/** @throws UsageError when it cannot be read, ConfigRefusedError when it is not well-formed */
export function readConfig(file: string, { confinedTo, program }: ReadTerms): ReadConfig {
  const files = configFiles(file).map((name) => readSource(name, confinedTo));
  const outside = confinedTo === null ? process.env : {};
  const names = files.map(({ name }) => name);
  const environment = createEnvironment(outside, names, program?.version ?? "2.8");
  return { tree: parseConfig(files, environment, program), environment, files };
}

/** Of a folder those that HAProxy's `-f FOLDER` takes: `.cfg`, not hidden, in the order of their names. */
export function configFiles(file: string): string[] {
  if (!isFolder(file)) return [file];
  const names = readdirSync(file).filter((name) => name.endsWith(".cfg") && !name.startsWith("."));
  if (names.length === 0)
    throw new UsageError(`Cannot read ${file}: the folder has no file that ends in .cfg`);
  return names.sort().map((name) => join(file, name));
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function readSource(name: string, confinedTo: readonly string[] | null): SourceFile {
  if (confinedTo !== null && !isWithin(name, confinedTo))
    throw outsideError("the config", { file: name, line: 1 }, confinedTo);
  try {
    return { name, text: readSmallFile(name, mostBytes).toString("utf8") };
  } catch (thrown) {
    throw new UsageError(`Cannot read ${name}: ${messageOf(thrown)}`, { cause: thrown });
  }
}
