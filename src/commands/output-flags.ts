/**
 * Flags for what comes out of a command.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { tagSchema } from "../results/run-tags.js";
import { readAgentFlags } from "./agent-flags.js";
import { collectReports, type ReportRequest, toOtlpUrl } from "./ci/report-requests.js";
import { fileFormats } from "./render-runs.js";
import type { RunOptions } from "./run-options.js";

/** What every command that stores something has. @param document what `--json` prints */
export function addReportFlags(command: Command, document: string): Command {
  return command
    .optionsGroup("Results:")
    .option("--json", `print ${document} on stdout, and nothing else there`)
    .option("--out <dir>", "folder for results", "results")
    .option("--tag <name>", "a name to find it by, with report and history (repeat as needed)", collectTags)
    .option("--full", "print everything: every series, chart, check and change")
    .addOption(
      new Option("--progress <format>", "on stderr: auto (one live line) or json (an event a line)")
        .choices(["auto", "json"])
        .default("auto"),
    )
    .option(
      "--report <format[=file]>",
      `write a report as well: ${fileFormats.join(", ")}; into the run's folder unless a file is given (repeat as needed)`,
      collectReports,
    )
    .optionsGroup("Options:");
}

/** What every measuring command has. */
export function addOutputFlags(command: Command): Command {
  return addReportFlags(command, "the run document")
    .optionsGroup("Results:")
    .option("--otlp <url>", "send the results to an OpenTelemetry collector by OTLP over HTTP", toOtlpUrl)
    .option(
      "--explain",
      "say what each verdict rests on and what would settle it, and what was changed in each config",
    );
}

function collectTags(text: string, earlier: readonly string[] = []): string[] {
  if (!tagSchema.safeParse(text).success)
    throw new InvalidArgumentError("Want letters, digits, -, _ and dots, at most 64, such as before-http3.");
  return [...new Set([...earlier, text])];
}

export function readOutputFlags(options: Readonly<Record<string, unknown>>): RunOptions {
  return {
    json: options.json === true,
    crew: readAgentFlags(options),
    out: String(options.out),
    tags: (options.tag as string[] | undefined) ?? [],
    explain: options.explain === true,
    detail: options.full === true ? "full" : "usual",
    reports: (options.report as ReportRequest[] | undefined) ?? [],
    otlp: (options.otlp as string | undefined) ?? null,
  };
}
