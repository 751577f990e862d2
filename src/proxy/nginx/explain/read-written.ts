/**
 * A user's config as it is written, for whoever only wants to know what it says; nothing is started or changed.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import type { ConfigQuestion } from "../../driver.js";
import { maskTree } from "../language/mask-config.js";
import { readConfigTree } from "./config-view.js";
import { writtenConfig } from "./written-config.js";

/** @throws ConfigRefusedError with file and line, UsageError */
export function readWritten(file: string, { confinedTo, found, ...seen }: ConfigQuestion): WrittenConfig {
  return writtenConfig(maskTree(readConfigTree(file, confinedTo), found), seen);
}
