/**
 * A user's config as it is written, for whoever only wants to know what it says; nothing is started or changed.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import type { ConfigQuestion } from "../../driver.js";
import { refuseExcess } from "../confine/excess.js";
import { maskConfigText } from "../language/mask-config.js";
import { readConfig } from "../language/read-config.js";
import { viewConfig } from "./config-view.js";
import { writtenConfig } from "./written-config.js";

/** @throws ConfigRefusedError with file and line, UsageError */
export function readWritten(
  file: string,
  { path, serverName, confinedTo, program, found }: ConfigQuestion,
): WrittenConfig {
  const version = program?.version ?? null;
  const { tree, files, isPart } = readConfig(file, { confinedTo, version });
  if (confinedTo !== null) refuseExcess(tree);
  for (const { text } of files) maskConfigText(text, found);
  return writtenConfig(viewConfig(tree, { path, serverName, version, isPart, file }));
}
