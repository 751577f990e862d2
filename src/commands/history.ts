/** `wsrally history`: how a scenario's ratios moved over commits. */
import { Command, Option } from "commander";
import { UsageError } from "../base/errors.js";
import { meantWords } from "../base/nearest-name.js";
import { runHistory } from "../judge/history/run-history.js";
import { toHistoryEntry } from "../judge/history/to-history-entry.js";
import { escapeControls } from "../report/draw/plain-text.js";
import { renderHistoryList } from "../report/history/history-list.js";
import { renderHistory } from "../report/history/history-section.js";
import { renderHistoryPage } from "../report/html/history-page.js";
import { jsonText } from "../report/words/json-text.js";
import type { HistoryDocument } from "../results/history-document.js";
import type { HistoryEntry } from "../results/history-entry.js";
import { addToHistory, historyPath, historyScenarios, readHistory } from "../results/history-folder.js";
import { findRuns } from "../results/import-history.js";
import { usualSeries } from "../scenario/default-metrics.js";
import { bareNames, type MetricName, metricNames } from "../scenario/metric.js";
import { pageOf } from "./print-run.js";
import { type CommandContext, say, type Terminal } from "./terminal.js";
import { writeReport } from "./write-report.js";

const formats = ["terminal", "html", "json"] as const;

interface HistoryFlags {
  readonly ref?: string;
  readonly metric?: string;
  readonly branch?: string;
  readonly tag?: string;
  readonly import?: string;
  readonly format: (typeof formats)[number];
  readonly json?: true;
  readonly full?: true;
  readonly output?: string;
  readonly out: string;
}

export function historyCommand({ terminal }: CommandContext): Command {
  return new Command("history")
    .description(
      "Shows the runs of a scenario over commits: each arm's ratio to a pinned reference arm, measured within its run, and " +
        "where its level changed. Every finished run of two arms or more adds itself, as a small file of its own in " +
        "history/SCENARIO/ below the results folder. It informs; it never fails a build.",
    )
    .argument("[scenario]", "its name; not needed where only one has a history")
    .option("--ref <arm>", "divide by this arm, as the newest run has it (the baseline)")
    .option("--metric <metric>", "this metric alone, such as p50, roundTrip.p99 or cpuUsPerMessage")
    .option("--branch <name>", "only runs of this branch")
    .option("--tag <name>", "only runs with this tag")
    .option(
      "--import <dir>",
      "first add the runs of this folder: a history, or run folders; known ones stay as they are",
    )
    .addOption(new Option("--format <format>", "what to print").choices(formats).default("terminal"))
    .option("--json", "the same as --format json")
    .option("--full", "with every series and every run")
    .option("-o, --output <file>", "write to a file instead of stdout")
    .option("--out <dir>", "folder of results", "results")
    .addHelpText("after", examples)
    .action((scenario: string | undefined, flags: HistoryFlags) => {
      if (flags.import !== undefined) importRuns(flags.import, flags.out, terminal);
      const name = scenario ?? onlyScenario(flags.out);
      if (name === null) printList(flags, terminal);
      else printHistory(name, flags, terminal);
    });
}

function importRuns(folder: string, out: string, terminal: Terminal): void {
  const found: HistoryEntry[] = [];
  for (const run of findRuns(folder)) {
    const entry = "entry" in run ? run.entry : toHistoryEntry(run.document);
    if (entry !== null) found.push(entry);
  }
  if (found.length === 0) {
    throw new UsageError(
      `Cannot import ${folder}: it holds no history and no finished run of two arms; want a results folder, or a copy of its history`,
    );
  }
  const added = found.filter((entry) => addToHistory(out, entry)).length;
  say(terminal, `Imported ${added} of ${found.length} runs into ${historyPath(out)}; the others were known.`);
}

/** Null where there are several to choose from. */
function onlyScenario(out: string): string | null {
  const [only, ...others] = historyScenarios(out);
  if (only === undefined) {
    throw new UsageError(
      `There is no history in ${historyPath(out)}: every finished run of two arms or more adds to it, and --import DIR adds runs of before`,
    );
  }
  return others.length === 0 ? only : null;
}

function printList({ json, out }: HistoryFlags, terminal: Terminal): void {
  const scenarios = historyScenarios(out).map((scenario) => {
    const { entries } = readHistory(out, scenario);
    return { scenario, runs: entries.length, newest: entries.at(-1)?.startedAt ?? null };
  });
  const text = json ? jsonText({ scenarios }) : renderHistoryList(scenarios, pageOf(terminal, "terminal"));
  terminal.stdout.write(text);
}

function printHistory(scenario: string, flags: HistoryFlags, terminal: Terminal): void {
  const text = renderInFormat(loadHistory(scenario, flags), flags, terminal);
  if (flags.output === undefined) terminal.stdout.write(text);
  else writeReport(flags.output, text);
}

function renderInFormat(
  history: HistoryDocument,
  { format, json, full, output }: HistoryFlags,
  terminal: Terminal,
): string {
  if (json || format === "json") return jsonText(history);
  if (format === "html") return renderHistoryPage(history);
  const destination = output === undefined ? "terminal" : "file";
  return renderHistory(history, { ...pageOf(terminal, destination), detail: full ? "full" : "usual" });
}

/** @throws UsageError when there is nothing to show, saying what there is */
function loadHistory(scenario: string, { out, ref, metric, branch, tag }: HistoryFlags): HistoryDocument {
  const known = historyScenarios(out);
  if (!known.includes(scenario)) {
    throw new UsageError(
      `There is no history of ${scenario} in ${historyPath(out)}${meantWords(scenario, known.map(escapeControls))}: want ${known.length === 0 ? "a finished run of it first" : `one of ${known.map(escapeControls).join(", ")}`}`,
    );
  }
  const { entries, unreadable } = readHistory(out, scenario);
  const ofTag = tag === undefined ? entries : entries.filter(({ tags = [] }) => tags.includes(tag));
  if (tag !== undefined && ofTag.length === 0) throw new UsageError(nothingTagged(scenario, tag, entries));
  const ofBranch = branch === undefined ? ofTag : ofTag.filter(({ commit }) => commit?.branch === branch);
  const newest = ofBranch.at(-1);
  if (newest === undefined) throw new UsageError(nothingOf(scenario, { branch, entries: ofTag, unreadable }));
  const histories = (metric === undefined ? [null] : readMetric(metric)).map((wanted) =>
    runHistory({ scenario, entries: ofBranch, reference: ref ?? null, metric: wanted }),
  );
  const history = histories.find(({ series }) => series.length > 0) ?? (histories[0] as HistoryDocument);
  if (history.references.length === 0) throw new UsageError(noReference(newest, ref));
  if (metric !== undefined && history.series.length === 0) {
    throw new UsageError(
      `Cannot show ${metric} of ${scenario}: no run of it with enough blocks has that metric`,
    );
  }
  return {
    ...history,
    warnings: unreadable.map((message) => ({ code: "unreadable", message: `Left out: ${message}` })),
  };
}

function nothingTagged(scenario: string, tag: string, entries: readonly HistoryEntry[]): string {
  const known = [...new Set(entries.flatMap(({ tags = [] }) => tags))];
  const want = known.length === 0 ? "no --tag, for none of them has one" : known.join(", ");
  return `No run of ${scenario} has the tag ${tag}${meantWords(tag, known)}: want ${want}`;
}

function nothingOf(
  scenario: string,
  {
    branch,
    entries,
    unreadable,
  }: { branch: string | undefined; entries: readonly HistoryEntry[]; unreadable: readonly string[] },
): string {
  if (branch !== undefined && entries.length > 0) {
    const branches = [...new Set(entries.flatMap(({ commit }) => commit?.branch ?? []))];
    return `No run of ${scenario} is of the branch ${branch}: want ${branches.map(escapeControls).join(", ") || "no --branch, for none is known"}`;
  }
  return `There is no readable run of ${scenario}: ${unreadable[0] ?? "its history is empty"}`;
}

function noReference({ arms, scenario }: HistoryEntry, ref: string | undefined): string {
  const names = arms.filter(({ kind }) => kind !== "url").map(({ name }) => escapeControls(name));
  const asked = ref === undefined ? "its baseline" : ref;
  return `Cannot pin ${asked} as the reference of ${scenario}: want an arm of the newest run whose config is known${names.length === 0 ? ", and it has none" : `: ${names.join(", ")}`}`;
}

/** @returns those that are meant, the first that there is: a percentile's short name is of the series of the runs */
function readMetric(text: string): readonly MetricName[] {
  const short = bareNames.find((name) => name === text);
  if (short !== undefined) return usualSeries.map((series) => `${series}.${short}` as const);
  const metric = metricNames.find((name) => name === text);
  if (metric !== undefined) return [metric];
  throw new UsageError(`Unknown --metric ${text}: want one of ${[...bareNames, ...metricNames].join(", ")}`);
}

const examples = `
Examples:
  wsrally history nginx-buffering
  wsrally history ci --ref reference --metric p99
  wsrally history --import artifact/results --branch main
  wsrally history nginx-buffering --format html -o history.html
`;
