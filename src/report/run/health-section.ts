/** Whether the measurement itself can be trusted: the generator's health, trials that were thrown out, warnings. */
import type { RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { absent, formatCount, formatNumberOf, formatPercent, formatUs } from "../words/format.js";
import { medianOf } from "../words/median.js";
import { heading } from "../words/words.js";
import { allTrials } from "./run-facts.js";

export function renderWarnings(document: RunDocument, page: Page): string[] {
  if (document.warnings.length === 0) return [];
  return [
    ...heading("Warnings", page),
    ...document.warnings.flatMap(({ code, message }) =>
      wrapText(`${escapeControls(code)}: ${escapeControls(message)}`, page.width, { first: 2, rest: 4 }),
    ),
  ];
}

export function renderGeneratorHealth(document: RunDocument, page: Page): string[] {
  const trials = allTrials(document);
  if (trials.length === 0) return [];
  const healthy = trials.filter(({ generator }) => generator.healthy).length;
  const busiest = greatest(trials.map(({ generator }) => generator.cpuShare));
  const latest = greatest(trials.map(({ generator }) => generator.sendLagUsP99));
  const fit =
    healthy === trials.length
      ? `kept up in all ${formatNumberOf(trials.length, "trial")}`
      : `kept up in ${formatCount(healthy)} of ${formatNumberOf(trials.length, "trial")}`;
  const busy = `busiest thread ${busiest === null ? absent : formatPercent(busiest)} of a core`;
  const lag = latest === null ? [] : [`sends late by ${formatUs(latest)} (p99) at worst`];
  const off = greatest(trials.map(({ generator }) => generator.arrivalsOff ?? null));
  const gaps = off === null ? [] : [`gaps between sends ${formatPercent(off)} off the schedule's at worst`];
  return [
    ...heading("Generator", page),
    ...wrapText([fit, busy, ...lag, ...gaps, ...biasWords(trials)].join(", "), page.width, { first: 2 }),
    ...[...unhealthyReasons(trials), ...misplacedWords(trials)].flatMap((reason) =>
      wrapText(reason, page.width, { first: 2, rest: 4 }),
    ),
    ...renderDisqualified(document, page),
  ];
}

/** What the generator itself puts into a round trip, and not into `wire`: of the trials, the medians. */
function biasWords(trials: readonly TrialResult[]): string[] {
  const { median: p50 } = medianOf(trials.map(({ generator }) => generator.wireGapUsP50));
  const { median: p99 } = medianOf(trials.map(({ generator }) => generator.wireGapUsP99));
  if (p50 === null) return [];
  const tail = p99 === null ? "" : `, ${formatUs(p99)} of its p99`;
  return [`its own part of a round trip ${formatUs(p50)} of the p50${tail}`];
}

/** `3 trials: send-lag`: what the generator itself gave as reasons. */
function unhealthyReasons(trials: readonly TrialResult[]): string[] {
  const counts = new Map<string, number>();
  for (const reason of trials.flatMap(({ generator }) => generator.reasons)) {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `${formatNumberOf(count, "trial")}: ${escapeControls(reason)}`);
}

const misplacedShown = 3;

/** `nginx: worker process (1234) may run on processor 0, and was given processor 1`: a few of them. */
function misplacedWords(trials: readonly TrialResult[]): string[] {
  return trials.flatMap(({ misplaced = [] }) => misplaced.map(escapeControls)).slice(0, misplacedShown);
}

/** One row for each arm and reason, with the blocks that it cost. */
function renderDisqualified(document: RunDocument, page: Page): string[] {
  const rows = document.arms.flatMap(({ name, trials }) => {
    const blocksByReason = new Map<string, number[]>();
    for (const trial of trials.filter(({ disqualified }) => disqualified)) {
      const reason = trial.disqualifiedBecause.join("; ") || absent;
      blocksByReason.set(reason, [...(blocksByReason.get(reason) ?? []), trial.block + 1]);
    }
    return [...blocksByReason].map(([reason, blocks]) => ({
      cells: [escapeControls(name), formatCount(blocks.length), blockList(blocks), escapeControls(reason)],
    }));
  });
  if (rows.length === 0) return [];
  return [
    "",
    ...heading("Disqualified trials (each takes its block out of the comparison)", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "trials", align: "right" },
          { title: "blocks", align: "left", keep: 1 },
          { title: "because", align: "left", flexible: true },
        ],
        rows,
      },
      page,
    ),
  ];
}

const blocksShown = 6;

/** Counted from 1, as people count. */
function blockList(blocks: readonly number[]): string {
  const shown = blocks.slice(0, blocksShown).join(", ");
  return blocks.length > blocksShown ? `${shown} …` : shown;
}

function greatest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
