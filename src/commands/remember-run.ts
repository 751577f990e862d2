/** What earlier runs have to say to a new one, and what it leaves for later ones. */
import { EnvironmentError } from "../base/errors.js";
import { asksTheSame, movedWarnings, otherMachine } from "../judge/history/match-baseline.js";
import { toHistoryEntry } from "../judge/history/to-history-entry.js";
import { planFromBaseline } from "../judge/series/plan-from-baseline.js";
import { escapeControls } from "../report/draw/plain-text.js";
import { baselinePlanWords } from "../report/history/baseline-words.js";
import { readBaselines } from "../results/baseline-folder.js";
import type { Baseline } from "../results/baseline-schema.js";
import { addToHistory } from "../results/history-folder.js";
import { machineOf } from "../results/machine-schema.js";
import type { RunDocument } from "../results/run-document.js";
import type { RunFolder } from "../results/run-folder.js";
import { say, type Terminal } from "./terminal.js";

interface RunMemory {
  /** For the user, before the first block. */
  readonly notes: readonly string[];
  /**
   * Adds a finished run to the history, and a warning to its document when its baseline arm is far from where it was.
   * @returns the document as it then is
   * @throws EnvironmentError when something cannot be written
   */
  keep(document: RunDocument, folder: RunFolder): Promise<RunDocument>;
}

/** @param planned the run's document before its first block @param out the results folder */
export function recallRuns(planned: RunDocument, out: string): RunMemory {
  const { stored, notes } = findBaseline(planned, out);
  return {
    notes,
    async keep(document, folder) {
      const warnings = stored === null ? [] : movedWarnings(stored, document);
      const kept = { ...document, warnings: [...document.warnings, ...warnings] };
      if (warnings.length > 0) await folder.writeDocument(kept);
      const entry = toHistoryEntry(kept);
      if (entry !== null) addToHistory(out, entry);
      return kept;
    },
  };
}

/**
 * Adds a gate's run to the history. Its verdict stands whether or not that can be written: the reason why not is said.
 * @param out the results folder
 */
export function rememberGate(document: RunDocument, out: string, terminal: Terminal): void {
  const entry = toHistoryEntry(document);
  if (entry === null) return;
  try {
    addToHistory(out, entry);
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    say(terminal, `Not in the history: ${thrown.message}`);
  }
}

/** The newest that asks the same on this machine; where all are of other machines, why they are of no use. */
function findBaseline(
  planned: RunDocument,
  out: string,
): { readonly stored: Baseline | null; readonly notes: readonly string[] } {
  const fitting = readBaselines(out)
    .baselines.filter((baseline) => asksTheSame(baseline, planned))
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const here = machineOf(planned.environment);
  const stored = fitting.find((baseline) => otherMachine(baseline, here) === null);
  if (stored !== undefined) {
    return {
      stored,
      notes: [baselinePlanWords(stored, planFromBaseline(stored), planned.scenario.maxSeconds)],
    };
  }
  const notes = fitting
    .slice(0, 1)
    .map((baseline) =>
      escapeControls(
        `Stored baseline ${baseline.name} is of another machine, so it says nothing of this run: ${otherMachine(baseline, here)}`,
      ),
    );
  return { stored: null, notes };
}
