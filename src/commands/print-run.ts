/**
 * Prints a run: the document for programs, or the report for people.
 */

import type { PercentileCurve } from "../report/percentile-chart.js";
import { shouldUseColour } from "../report/should-use-colour.js";
import { renderTerminalReport } from "../report/terminal-report.js";
import { readRun, type StoredRun } from "../results/read-run.js";
import type { RunDocument } from "../results/run-document.js";
import { type Terminal, widthOf } from "./terminal.js";

/** @param folder where the run lies, for the histograms beside the document */
export function printRun(
  document: RunDocument,
  folder: string,
  options: { readonly json: boolean },
  { stdout, stderr, env }: Terminal,
): void {
  if (options.json) {
    stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  stdout.write(renderStoredRun(readRun(folder, folder), { stdout, stderr, env }));
  stderr.write(`Stored in ${folder}; wsrally report ${folder} shows it again.\n`);
}

/** The terminal report of a stored run, as wide as the terminal. */
export function renderStoredRun({ document, histograms }: StoredRun, { stdout, env }: Terminal): string {
  const curves = [...histograms].flatMap(([arm, bySeries]) => curvesOf(arm, bySeries));
  return renderTerminalReport(document, {
    width: widthOf(stdout),
    colour: shouldUseColour({ isTty: stdout.isTTY === true, env }),
    curves,
  });
}

/** Percentiles that halve the distance to 100 %, four to an octave, as far as there are values beyond them. */
function curvesOf(
  arm: string,
  histograms: StoredRun["histograms"] extends ReadonlyMap<string, infer BySeries> ? BySeries : never,
): PercentileCurve[] {
  const histogram = histograms.get("roundTrip");
  if (histogram === undefined) return [];
  const points = Array.from({ length: 80 }, (_, index) => 1 - 2 ** (-index / 4)).flatMap((quantile) => {
    const valueNs = histogram.quantile(quantile);
    return valueNs === null ? [] : [{ percentile: quantile * 100, valueUs: valueNs / 1e3 }];
  });
  return [{ arm, series: "roundTrip", points }];
}
