/** `wsrally baseline`: runs stored for planning later ones. */
import { Command } from "commander";
import { UsageError } from "../base/errors.js";
import { otherMachine } from "../judge/history/match-baseline.js";
import { toBaseline } from "../judge/history/to-baseline.js";
import { planFromBaseline } from "../judge/series/plan-from-baseline.js";
import { type PlacedBaseline, renderBaseline, renderBaselines } from "../report/history/baseline-report.js";
import { jsonText } from "../report/words/json-text.js";
import { baselinesPath, readBaseline, readBaselines, writeBaseline } from "../results/baseline-folder.js";
import { type Baseline, baselineName } from "../results/baseline-schema.js";
import { readEnvironment } from "../results/environment.js";
import { machineOf } from "../results/machine-schema.js";
import { readRun } from "../results/read-run.js";
import { pageOf } from "./print-run.js";
import { type CommandContext, say, type Terminal } from "./terminal.js";

interface CommonFlags {
  readonly json?: true;
  readonly out: string;
}

interface SaveFlags extends CommonFlags {
  readonly name?: string;
  readonly replace?: true;
}

export function baselineCommand({ terminal }: CommandContext): Command {
  const command = new Command("baseline")
    .description(
      "Stores runs, one small file each in baselines/ below the results folder, to be committed. A run like a stored one, on " +
        "the same machine, is told beforehand how many blocks and how long it will need, and warned when its baseline arm is " +
        "more than 3 times off. No latency, rate or CPU time is ever compared with a stored run's: runs that were not " +
        "interleaved do not compare.",
    )
    .addHelpText("after", examples);
  addCommonFlags(command.command("save").argument("<run>", "a run's folder, its run.json, or its id"))
    .description("Stores a run as a baseline")
    .option("--name <name>", "what to call it (the scenario's name)")
    .option("--replace", "in place of another run of that name")
    .addHelpText("after", examples)
    .action((run: string, flags: SaveFlags) => save(run, flags, terminal));
  addCommonFlags(command.command("list"))
    .description("Lists the stored baselines")
    .addHelpText("after", examples)
    .action((flags: CommonFlags) => list(flags, terminal));
  addCommonFlags(command.command("show").argument("<name>", "a stored baseline"))
    .description("Shows a stored baseline, and how many blocks the next run like it will need")
    .addHelpText("after", examples)
    .action((name: string, flags: CommonFlags) => show(name, flags, terminal));
  return command;
}

function addCommonFlags(command: Command): Command {
  return command
    .option("--json", "print it on stdout as JSON, and nothing else there")
    .option("--out <dir>", "folder of results", "results");
}

function save(run: string, { name, replace, json, out }: SaveFlags, terminal: Terminal): void {
  const { document } = readRun(run, out);
  const { status, scenario, arms } = document;
  if (status !== "complete" || arms.every(({ trials }) => trials.length === 0)) {
    throw new UsageError(`Cannot save ${run} as a baseline: it is ${status}; want a run that finished`);
  }
  const checked = baselineName.safeParse(name ?? scenario.name);
  if (!checked.success) {
    throw new UsageError(`Cannot save the baseline ${name}: ${checked.error.issues[0]?.message}`);
  }
  const baseline = toBaseline(document, checked.data);
  const file = writeBaseline(out, baseline, { replace: replace === true });
  if (json) terminal.stdout.write(jsonText(baseline));
  say(terminal, `Stored ${document.runId} as ${file}; wsrally baseline show ${checked.data} shows it.`);
}

function list({ json, out }: CommonFlags, terminal: Terminal): void {
  const { baselines, unreadable } = readBaselines(out);
  const placed = placeAll(baselines);
  if (json) {
    terminal.stdout.write(
      jsonText({ baselines: placed.map(withMachine), warnings: unreadable.map(asWarning) }),
    );
    return;
  }
  if (baselines.length === 0 && unreadable.length === 0) {
    say(terminal, `No baseline in ${baselinesPath(out)}: wsrally baseline save RUN stores one.`);
    return;
  }
  terminal.stdout.write(renderBaselines(placed, unreadable, pageOf(terminal, "terminal")));
}

function show(name: string, { json, out }: CommonFlags, terminal: Terminal): void {
  const [placed] = placeAll([readBaseline(out, name)]);
  if (placed === undefined) throw new RangeError("a baseline that was read is gone");
  const plan = planFromBaseline(placed.baseline);
  terminal.stdout.write(
    json
      ? jsonText({ ...withMachine(placed), plan: placed.otherMachine === null ? plan : null })
      : renderBaseline(placed, plan, pageOf(terminal, "terminal")),
  );
}

function placeAll(baselines: readonly Baseline[]): PlacedBaseline[] {
  const here = machineOf(readEnvironment());
  return baselines.map((baseline) => ({ baseline, otherMachine: otherMachine(baseline, here) }));
}

function withMachine({ baseline, otherMachine }: PlacedBaseline) {
  return { ...baseline, otherMachine };
}

function asWarning(message: string): { readonly code: string; readonly message: string } {
  return { code: "unreadable", message };
}

const examples = `
Examples:
  wsrally baseline save results/2026-01-31T12-00-00-nginx-buffering-1a2b
  wsrally baseline save 2026-01-31T12-00-00-nginx-buffering-1a2b --name before-http3
  wsrally baseline list
  wsrally baseline show nginx-buffering
`;
