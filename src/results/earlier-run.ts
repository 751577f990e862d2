/** The last complete run of a scenario that lies beside this one. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readDocument } from "./read-run.js";
import type { RunDocument } from "./run-document.js";

/** Older runs are not looked at: where the last few are broken, so much for history. */
const looksBack = 5;

/** @returns null where there is none that can be read; a broken file is no reason to fail this run */
export function findEarlierRun(out: string, { runId, scenario }: RunDocument): RunDocument | null {
  if (!existsSync(out)) return null;
  const names = readdirSync(out)
    .filter((name) => name < runId && scenarioOf(name) === scenario.name)
    .sort()
    .reverse();
  for (const name of names.slice(0, looksBack)) {
    try {
      const document = readDocument(join(out, name, "run.json"));
      if (document.scenario.name === scenario.name && document.status === "complete") return document;
    } catch {
      // Of an older version, or not a run at all.
    }
  }
  return null;
}

/** The name between a run id's time and its four digits. */
function scenarioOf(runId: string): string {
  return runId.slice("2026-01-31T12-00-00-".length, -"-0000".length);
}
