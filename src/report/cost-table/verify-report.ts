/**
 * What `wsrally verify` found, in words.
 */
import { escapeControls } from "../draw/plain-text.js";

export interface Verification {
  readonly folder: string;
  readonly runs: number;
  readonly trials: number;
  /** Of the table, made again. */
  readonly figures: number;
  /** In the histograms that were looked at. */
  readonly values: number;
  /** What does not follow, a sentence each; empty when all does. */
  readonly faults: readonly string[];
}

/** More are counted, not told. */
const mostTold = 40;

export function verifyReport({ folder, runs, trials, figures, values, faults }: Verification): string {
  const whole = (value: number): string => value.toLocaleString("en-US");
  const lines = faults.slice(0, mostTold).map((fault) => `  ${escapeControls(fault)}`);
  const more = faults.length > mostTold ? [`  and ${whole(faults.length - mostTold)} more`] : [];
  const looked = `${whole(runs)} runs, ${whole(trials)} trials, ${whole(values)} values in their histograms`;
  const verdict =
    faults.length === 0
      ? `All ${whole(figures)} figures of ${escapeControls(folder)} follow from its runs`
      : `${whole(faults.length)} of what was looked at in ${escapeControls(folder)} does not follow from its runs`;
  return `${[`${verdict} (${looked}).`, ...lines, ...more].join("\n")}\n`;
}
