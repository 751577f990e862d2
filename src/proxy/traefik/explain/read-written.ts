/**
 * A user's config as it is written, for whoever only wants to know what it says; nothing is started or changed.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import type { ConfigQuestion } from "../../driver.js";
import { refuseExcess } from "../confine/excess.js";
import { findSecrets } from "../language/mask-config.js";
import { readConfig } from "../language/read-config.js";
import { viewConfig } from "./config-view.js";
import { writtenConfig } from "./written-config.js";

/** @throws ConfigRefusedError with file and line, UsageError */
export function readWritten(
  file: string,
  { path, serverName, confinedTo, found }: ConfigQuestion,
): WrittenConfig {
  const read = readConfig(file, { confinedTo });
  if (confinedTo !== null) refuseExcess(read);
  findSecrets(read, found);
  return writtenConfig(viewConfig(read, { path, serverName }));
}
