/**
 * `wsrally report`: a stored run once more, in the format that is asked for; or several, side by side.
 */
import { Command, Option } from "commander";
import { UsageError } from "../base/errors.js";
import { escapeControls } from "../report/draw/plain-text.js";
import { jsonText } from "../report/words/json-text.js";
import type { ProbeDocument } from "../results/probe-document.js";
import { findProbe } from "../results/read-probe.js";
import { readRun, type StoredRun } from "../results/read-run.js";
import { listStored } from "../results/stored-list.js";
import { renderProbe } from "./render-probe.js";
import { type ReportFormat, renderRuns, reportFormats } from "./render-runs.js";
import type { CommandContext } from "./terminal.js";
import { writeReport } from "./write-report.js";

const mostListed = 10;

interface ReportFlags {
  readonly format: ReportFormat;
  readonly json?: true;
  readonly full?: true;
  readonly explain?: true;
  readonly output?: string;
  readonly out: string;
}

export function reportCommand({ terminal }: CommandContext): Command {
  return new Command("report")
    .description(
      "Shows a stored run or probe again: its folder, its document in there, its id below the results folder or as much of it as tells it, its tag, or latest. Several " +
        "runs are set side by side, linked through an arm with the same config in each; without a verdict, for they were not interleaved.",
    )
    .argument(
      "[runs...]",
      "the folder of a run or a probe, its run.json or probe.json, its id or the start of one, a tag, or latest; further runs are set against the first; none: the last ten are listed",
    )
    .addOption(new Option("--format <format>", "what to print").choices(reportFormats).default("terminal"))
    .option("--json", "the same as --format json")
    .option("--full", "everything: every series, chart, check and change")
    .option(
      "--explain",
      "say what each verdict rests on and what would settle it, and what was changed in each config",
    )
    .option("-o, --output <file>", "write to a file instead of stdout")
    .option("--out <dir>", "folder of results", "results")
    .addHelpText("after", examples)
    .action(async (runs: string[], flags: ReportFlags) => {
      const shown = {
        detail: flags.full ? ("full" as const) : ("usual" as const),
        format: flags.json ? ("json" as const) : flags.format,
        destination: flags.output === undefined ? ("terminal" as const) : ("file" as const),
        terminal,
      };
      if (runs.length === 0) {
        terminal.stdout.write(listRuns(shown.format, flags.out));
        return;
      }
      const probe = findOneProbe(runs, flags.out);
      const text =
        probe !== null
          ? await renderProbe(probe, shown)
          : await renderRuns(firstAndOthers(runs.map((run) => readRun(run, flags.out))), {
              ...shown,
              explain: flags.explain === true,
            });
      if (flags.output === undefined) terminal.stdout.write(text);
      else writeReport(flags.output, text);
    });
}

/** @throws UsageError for a format that a list has not, and where there is nothing to list */
function listRuns(format: ReportFormat, out: string): string {
  const items = listStored(out);
  if (format === "json") return jsonText(items);
  if (format !== "terminal") throw new UsageError(`Cannot write a list of runs as ${format}: want a run`);
  if (items.length === 0)
    throw new UsageError(
      `No run to report in ${out}: want a run's folder, or --out with the folder of results`,
    );
  const lines = items.slice(0, mostListed).map(({ id, kind, tags }) => {
    const tagged = tags.length === 0 ? "" : `  ${tags.join(", ")}`;
    return `${kind.padEnd("probe".length)}  ${id}${tagged}`;
  });
  const older = items.length > mostListed ? [`and ${items.length - mostListed} older`] : [];
  return `${[...lines, ...older].map(escapeControls).join("\n")}\n\nShow one: wsrally report latest, a tag, or the start of an id\n`;
}

/** @returns null when none of them is a probe @throws UsageError for a probe beside others */
function findOneProbe(runs: readonly string[], out: string): ProbeDocument | null {
  const probes = runs.flatMap((run) => findProbe(run, out) ?? []);
  const [probe] = probes;
  if (probe === undefined) return null;
  if (runs.length === 1) return probe;
  throw new UsageError(
    `Cannot set ${probe.runId} beside others: it is a probe, which measures nothing; want it alone, or runs`,
  );
}

function firstAndOthers([first, ...others]: readonly StoredRun[]): [StoredRun, ...StoredRun[]] {
  if (first === undefined)
    throw new UsageError("No run to report: want a run's folder, its run.json, or its id");
  return [first, ...others];
}

const examples = `
Formats:
  terminal     words, tables and charts
  html         one file for a browser, with interactive charts; no network needed
  json         the run document
  markdown     a comment on a pull request, within GitHub's 65,536 characters
  junit        a test case for the gate, each finding, SLO, comparison and kind of failure
  csv          one row for each trial (step of a search, window of a soak) and metric
  openmetrics  gauges for Prometheus, node_exporter's textfile collector and GitLab's metrics report
  codequality  GitLab's Code Quality: what is wrong, on the config's lines
  badge        JSON for shields.io

Examples:
  wsrally report results/2026-01-31T12-00-00-smoke-1a2b
  wsrally report 2026-01-31T12-00-00-smoke-1a2b --explain
  wsrally report 2026-01-31T12-00-00-smoke-1a2b --format json
  wsrally report results/2026-01-31T12-00-00-smoke-1a2b --format html -o report.html
  wsrally report results/2026-01-31T12-00-00-smoke-1a2b --format markdown -o comment.md
  wsrally report                                        which are there?
  wsrally report latest
  wsrally report before-http3                           the newest run that was made with --tag before-http3
  wsrally report results/last-week results/today
`;
