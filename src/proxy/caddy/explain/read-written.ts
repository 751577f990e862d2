/**
 * A user's config as it is written, for whoever only wants to know what it says; nothing is started or changed.
 */
import type { WrittenConfig } from "../../../diagnosis/written-config.js";
import type { ConfigQuestion } from "../../driver.js";
import { readRoute } from "../adopt/adopt-config.js";
import { maskConfigText } from "../language/mask-config.js";
import { viewRoute } from "./config-view.js";
import { writtenConfig } from "./written-config.js";

/** @throws ConfigRefusedError with file and line, UsageError */
export function readWritten(file: string, question: ConfigQuestion): WrittenConfig {
  const { read, route } = readRoute(file, question);
  for (const { text } of read.files) maskConfigText(text, question.found);
  return writtenConfig(viewRoute({ tree: read.tree, route, isJson: read.json !== null, workers: null }));
}
