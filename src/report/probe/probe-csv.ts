/** Probes as CSV: one row for each finding. */
import type { ProbeDocument } from "../../results/probe-document.js";
import { CsvSheet } from "../ci/csv-sheet.js";

const header = ["run", "arm", "path", "finding", "status", "side", "title", "evidence", "cause", "cure"];

/** All probes under one header. */
export function renderProbeCsv(documents: readonly ProbeDocument[]): string {
  const sheet = new CsvSheet();
  sheet.add(header);
  for (const { runId, arm, findings } of documents) {
    for (const { id, status, side, title, evidence, cause, cure } of findings) {
      const what = [title, evidence.join("; "), cause ?? "", cure ?? ""];
      sheet.add([runId, arm.name, arm.path, id, status, side, ...what]);
    }
  }
  return sheet.text();
}
