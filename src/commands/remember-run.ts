/** What a finished run leaves for later ones, and what it is told by earlier ones. */
import { toHistoryEntry } from "../judge/to-history-entry.js";
import { addToHistory } from "../results/history-folder.js";
import type { RunDocument } from "../results/run-document.js";

/**
 * Adds a run that finished to the history of its scenario.
 * @throws EnvironmentError when the history cannot be written
 */
export function rememberRun(document: RunDocument, out: string): void {
  const entry = toHistoryEntry(document);
  if (entry !== null) addToHistory(out, entry);
}
