/**
 * A config of the corpus on the disk.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CorpusRow, configText } from "../corpus/corpus-row.js";

/** Writes a row's files, and tells where the config lies. */
export function writeRow(row: CorpusRow, folder: string): string {
  for (const [name, text] of Object.entries({ ...row.files, "site.conf": configText(row) })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, "site.conf");
}
