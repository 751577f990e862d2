/** Stored baselines: all of them, or one with what it foretells. */
import type { BaselinePlan, PlannedComparison } from "../../judge/series/plan-from-baseline.js";
import type { Baseline } from "../../results/baseline-schema.js";
import { toAscii } from "../draw/ascii.js";
import type { Page } from "../draw/page.js";
import { createPaint } from "../draw/paint.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { formatCommit } from "../words/commit-words.js";
import { absent, formatCount, formatPercent, formatRatio, formatSeconds } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { dimText, heading } from "../words/words.js";
import { baselinePlanWords } from "./baseline-words.js";
import { machineText } from "./history-runs.js";

interface BaselinePage {
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
}

/** A baseline beside this machine. */
export interface PlacedBaseline {
  readonly baseline: Baseline;
  /** What differs here; null on the machine that it was made on. */
  readonly otherMachine: string | null;
}

export function renderBaselines(
  placed: readonly PlacedBaseline[],
  unreadable: readonly string[],
  options: BaselinePage,
): string {
  const page = pageFor(options);
  const lines = [
    ...renderTable(
      {
        columns: [
          { title: "name", align: "left" },
          { title: "scenario", align: "left", keep: 4 },
          { title: "started", align: "left" },
          { title: "commit", align: "left", keep: 2 },
          { title: "blocks", align: "right", keep: 1 },
          { title: "made on", align: "left", keep: 3 },
        ],
        rows: placed.map(({ baseline, otherMachine }) => ({
          cells: [
            baseline.name,
            escapeControls(baseline.scenario),
            momentOf(baseline),
            formatCommit(baseline.commit),
            formatCount(Math.max(0, ...baseline.comparisons.map(({ blocks }) => blocks))),
            otherMachine === null ? "this machine" : "another machine",
          ],
        })),
      },
      page,
    ),
    ...unreadable.flatMap((words) =>
      wrapText(escapeControls(`Left out: ${words}`), page.width).map((line) => page.paint("yellow", line)),
    ),
  ];
  return finish(lines, options);
}

export function renderBaseline(
  { baseline, otherMachine }: PlacedBaseline,
  plan: BaselinePlan,
  options: BaselinePage,
): string {
  const page = pageFor(options);
  const { name, scenario, runId, commit, machine, arms } = baseline;
  const names = arms.map((arm) => {
    const config = arm.configSha256 === null ? "" : `, config ${arm.configSha256.slice(0, 12)}`;
    return `${arm.name} (${[arm.kind, arm.version ?? ""].join(" ").trim()}${config})`;
  });
  const facts = [
    `Run ${runId} of ${scenario}, ${momentOf(baseline)}, commit ${formatCommit(commit)}`,
    `Arms: ${names.join(", ")}`,
    `On ${machineText(machine)}`,
  ];
  const lines = [
    ...heading(`Baseline ${name}`, page),
    ...facts.flatMap((fact) => wrapText(escapeControls(fact), page.width, { first: 2, rest: 4 })),
    "",
    ...renderComparisons(baseline, plan, page),
    "",
    ...renderUse({ baseline, otherMachine }, plan, page),
  ];
  return finish(lines, options);
}

function renderComparisons({ comparisons }: Baseline, plan: BaselinePlan, page: Page): string[] {
  if (comparisons.length === 0) return ["  It compared nothing, so it tells no number of blocks."];
  return [
    ...renderTable(
      {
        columns: [
          { title: "", align: "left", grouped: true },
          { title: "metric", align: "left" },
          { title: "ratio", align: "right" },
          { title: "interval", align: "right", keep: 2 },
          { title: "se", align: "right", keep: 1 },
          { title: "margin", align: "right" },
          { title: "to show it", align: "right" },
          { title: "to prove equal", align: "right" },
          { title: "least shown", align: "right", keep: 3 },
        ],
        rows: plan.comparisons.map((planned) => ({ cells: comparisonCells(planned, plan.blocksMax) })),
      },
      page,
    ),
    ...dimText(
      `to show it: blocks until a slowdown of the margin is shown, 4 times in 5; to prove equal: until arms that are the same are; least shown: the slowdown that ${plan.blocksMax} blocks would show. Looks are at fixed numbers of blocks.`,
      page,
    ),
  ];
}

function comparisonCells(
  { comparison, blocksToSee, blocksToProve, smallestEffect }: PlannedComparison,
  blocksMax: number,
): string[] {
  const { candidate, baseline, metric, ratio, ciLow, ciHigh, se, margin } = comparison;
  const text = formatRatio(ratio, ciLow, ciHigh);
  const blocks = (count: number | null): string =>
    count === null
      ? absent
      : count > blocksMax
        ? `> ${blocksMax} (${formatCount(count)})`
        : formatCount(count);
  return [
    `${escapeControls(candidate)} / ${escapeControls(baseline)}`,
    metricWords(metric),
    text.ratio,
    text.interval,
    formatPercent(se),
    formatPercent(margin),
    blocks(blocksToSee),
    blocks(blocksToProve),
    formatPercent(smallestEffect),
  ];
}

function renderUse({ baseline, otherMachine }: PlacedBaseline, plan: BaselinePlan, page: Page): string[] {
  if (otherMachine !== null) {
    const words = `Not used for runs here, for it is of another machine: ${otherMachine}.`;
    return wrapText(escapeControls(words), page.width).map((line) => page.paint("yellow", line));
  }
  const block =
    baseline.secondsPerBlock === null ? "" : ` A block took ${formatSeconds(baseline.secondsPerBlock)}.`;
  const words = `${baselinePlanWords(baseline, plan, null)}.${block} Its own figures are never compared with another run's.`;
  return wrapText(escapeControls(words), page.width);
}

function momentOf({ startedAt }: Baseline): string {
  return startedAt.slice(0, 16).replace("T", " ");
}

function pageFor({ width, colour }: BaselinePage): Page {
  return { width, paint: createPaint({ colour }) };
}

function finish(lines: readonly string[], { unicode }: BaselinePage): string {
  const text = `${lines.join("\n")}\n`;
  return unicode ? text : toAscii(text);
}
