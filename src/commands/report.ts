/**
 * `wsrally report`: a stored run once more.
 */
import { writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { readRun } from "../results/read-run.js";
import { renderStoredRun } from "./print-run.js";
import type { CommandContext } from "./terminal.js";

export function reportCommand({ terminal }: CommandContext): Command {
  return new Command("report")
    .summary("show a stored run again")
    .description("Shows a stored run again: its folder, its run.json, or its id below the results folder.")
    .argument("<run>", "a run's folder, its run.json, or its id")
    .addOption(
      new Option("--format <format>", "what to print").choices(["terminal", "json"]).default("terminal"),
    )
    .option("--json", "the same as --format json")
    .option("--full", "with every series and chart")
    .option("-o, --output <file>", "write to a file instead of stdout")
    .option("--out <dir>", "folder of results", "results")
    .addHelpText("after", examples)
    .action(
      (run: string, options: { format: string; json?: true; full?: true; output?: string; out: string }) => {
        const stored = readRun(run, options.out);
        const text =
          options.json || options.format === "json"
            ? `${JSON.stringify(stored.document, null, 2)}\n`
            : renderStoredRun(stored, terminal, {
                detail: options.full ? "full" : "usual",
                destination: options.output === undefined ? "terminal" : "file",
              });
        if (options.output === undefined) terminal.stdout.write(text);
        else writeReport(options.output, text);
      },
    );
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (thrown) {
    throw new EnvironmentError(`Cannot write the report ${file}: ${messageOf(thrown)}`);
  }
}

const examples = `
Examples:
  wsrally report results/2026-01-31T12-00-00-smoke-1a2b
  wsrally report 2026-01-31T12-00-00-smoke-1a2b --format json
  wsrally report results/2026-01-31T12-00-00-smoke-1a2b -o report.txt
`;
