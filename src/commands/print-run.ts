/**
 * Prints a run: the document for programs, or the report for people.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Detail } from "../report/draw/page.js";
import { shouldUseColour } from "../report/draw/should-use-colour.js";
import { shouldUseUnicode } from "../report/draw/should-use-unicode.js";
import { decidingSeries } from "../report/run/deciding-series.js";
import type { PercentileCurve } from "../report/run/percentile-chart.js";
import { renderTerminalReport } from "../report/run/terminal-report.js";
import { jsonText } from "../report/words/json-text.js";
import type { StoredRun } from "../results/read-run.js";
import { say, type Terminal, widthOf } from "./terminal.js";

/** Columns of a file, which fit into a comment's box and on a printed page. */
const plainWidth = 100;

/** @param folder where the run lies */
export function printRun(
  stored: StoredRun,
  folder: string,
  options: { readonly json: boolean; readonly explain: boolean; readonly detail: Detail },
  terminal: Terminal,
): void {
  const { stdout } = terminal;
  if (options.json) {
    stdout.write(jsonText(stored.document));
    return;
  }
  const page = existsSync(join(folder, "report.html")) ? ", with report.html" : "";
  say(terminal, `Stored in ${folder}${page}.`);
  stdout.write(
    renderStoredRun(stored, terminal, {
      explain: options.explain,
      detail: options.detail,
      destination: "terminal",
    }),
  );
}

interface RenderStoredOptions {
  readonly detail: Detail;
  /** Say of every verdict what it rests on. */
  readonly explain?: boolean;
  /** A file is no terminal: it has no colour, and is UTF-8 whatever the locale. */
  readonly destination: "terminal" | "file";
}

/** The terminal report of a stored run, as wide as the terminal. */
export function renderStoredRun(
  stored: StoredRun,
  terminal: Terminal,
  { detail, explain = false, destination }: RenderStoredOptions,
): string {
  return renderTerminalReport(stored.document, {
    ...pageOf(terminal, destination),
    detail,
    explain,
    curves: curvesOfRun(stored),
  });
}

/** The full one for a place where nobody can ask for it. */
export function renderPlain(stored: StoredRun): string {
  const curves = curvesOfRun(stored);
  return renderTerminalReport(stored.document, { width: plainWidth, colour: false, detail: "full", curves });
}

/** What may be drawn on standard output, or in a file. */
export function pageOf({ stdout, env }: Terminal, destination: RenderStoredOptions["destination"]) {
  const isFile = destination === "file";
  return {
    width: isFile ? plainWidth : widthOf(stdout),
    colour: !isFile && shouldUseColour({ isTty: stdout.isTTY === true, env }),
    unicode: isFile || shouldUseUnicode(env),
  };
}

function curvesOfRun({ document, histograms }: StoredRun): PercentileCurve[] {
  const series = decidingSeries(document);
  return [...histograms].flatMap(([arm, bySeries]) => curvesOf({ arm, series }, bySeries));
}

/** Percentiles that halve the distance to 100 %, four to an octave, as far as there are values beyond them. */
function curvesOf(
  { arm, series }: Pick<PercentileCurve, "arm" | "series">,
  histograms: StoredRun["histograms"] extends ReadonlyMap<string, infer BySeries> ? BySeries : never,
): PercentileCurve[] {
  const histogram = histograms.get(series);
  if (histogram === undefined) return [];
  const quantiles = Array.from({ length: 80 }, (_, index) => 1 - 2 ** (-index / 4));
  const points = histogram.quantiles(quantiles).flatMap((valueNs, index) => {
    const percentile = (quantiles[index] as number) * 100;
    return valueNs === null ? [] : [{ percentile, valueUs: valueNs / 1e3 }];
  });
  return [{ arm, series, points }];
}
