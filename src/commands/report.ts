/**
 * `wsrally report`: a stored run once more, in the format that is asked for; or several, side by side.
 */
import { Command, Option } from "commander";
import { UsageError } from "../base/errors.js";
import type { ProbeDocument } from "../results/probe-document.js";
import { findProbe } from "../results/read-probe.js";
import { readRun, type StoredRun } from "../results/read-run.js";
import { renderProbe } from "./render-probe.js";
import { type ReportFormat, renderRuns, reportFormats } from "./render-runs.js";
import type { CommandContext } from "./terminal.js";
import { writeReport } from "./write-report.js";

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
      "Shows a stored run or probe again: its folder, its document in there, or its id below the results folder. Several " +
        "runs are set side by side, linked through an arm with the same config in each; without a verdict, for they were not interleaved.",
    )
    .argument(
      "<runs...>",
      "the folder of a run or a probe, its run.json or probe.json, or its id; further runs are set against the first",
    )
    .addOption(new Option("--format <format>", "what to print").choices(reportFormats).default("terminal"))
    .option("--json", "the same as --format json")
    .option("--full", "with every series and chart")
    .option("--explain", "say of every verdict what it rests on, and what would settle it")
    .option("-o, --output <file>", "write to a file instead of stdout")
    .option("--out <dir>", "folder of results", "results")
    .addHelpText("after", examples)
    .action(async (runs: string[], flags: ReportFlags) => {
      const shown = {
        format: flags.json ? ("json" as const) : flags.format,
        destination: flags.output === undefined ? ("terminal" as const) : ("file" as const),
        terminal,
      };
      const probe = findOneProbe(runs, flags.out);
      const text =
        probe !== null
          ? await renderProbe(probe, shown)
          : await renderRuns(firstAndOthers(runs.map((run) => readRun(run, flags.out))), {
              ...shown,
              detail: flags.full ? "full" : "usual",
              explain: flags.explain === true,
            });
      if (flags.output === undefined) terminal.stdout.write(text);
      else writeReport(flags.output, text);
    });
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
  wsrally report results/last-week results/today
`;
