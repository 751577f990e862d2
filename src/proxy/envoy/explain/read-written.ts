/**
 * A user's config as it is written, for whoever only wants to know what it says; nothing is started or changed.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import type { ConfigQuestion } from "../../driver.js";
import { refuseExcess } from "../confine/excess.js";
import { findSecrets } from "../language/mask-config.js";
import { readConfig } from "../language/read-config.js";
import { viewConfig, writtenConfig } from "./written-config.js";

/** @throws ConfigRefusedError with file and line, UsageError */
export function readWritten(
  file: string,
  { path, serverName, confinedTo, found }: ConfigQuestion,
): WrittenConfig {
  const { tree } = readConfig(file, { confinedTo });
  if (confinedTo !== null) refuseExcess(tree);
  findSecrets(tree, found);
  // How many workers there are the command line says, and not the config.
  return writtenConfig(viewConfig(tree, { path, serverName, file, workers: 1 }));
}
