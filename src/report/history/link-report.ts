/** Stored runs side by side: ratios linked through an arm that they share, and what differs between them. */
import type { LinkedMetric, LinkOutcome, RunLink } from "../../judge/history/link-runs.js";
import type { RunDocument } from "../../results/run-document.js";
import { toAscii } from "../draw/ascii.js";
import type { Page } from "../draw/page.js";
import { createPaint } from "../draw/paint.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { TerminalReportOptions } from "../run/terminal-report.js";
import { formatRatio } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { dimText, heading } from "../words/words.js";
import { runDifferences } from "./run-differences.js";

/** The later runs against the first, each with what came of linking it. */
export interface LinkedRuns {
  readonly first: RunDocument;
  readonly others: readonly { readonly document: RunDocument; readonly outcome: LinkOutcome }[];
}

export const notInterleaved =
  "These runs were not interleaved: what the machine did to one, it did not do to the other. Their µs, messages a second and CPU times are not compared. Each arm is divided by an arm that both runs have, within its run, and those ratios are shown beside each other, without a verdict: for one, measure both configs in one run (wsrally compare).";

export function renderLinkReport(
  linked: LinkedRuns,
  { width, colour, unicode }: Pick<TerminalReportOptions, "width" | "colour" | "unicode">,
): string {
  const page: Page = { width, paint: createPaint({ colour }) };
  const sections = [
    wrapText(notInterleaved, page.width).map((line) => page.paint("yellow", line)),
    renderRuns(linked, page),
    ...linked.others.flatMap(({ outcome }, i) => renderOutcome(outcome, letterOf(i + 1), page)),
    renderDifferences(linked, page),
  ];
  const report = `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  return unicode === false ? toAscii(report) : report;
}

function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : `run ${index + 1}`;
}

function renderRuns({ first, others }: LinkedRuns, page: Page): string[] {
  const documents = [first, ...others.map(({ document }) => document)];
  return [
    ...heading("Runs", page),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left" },
          { title: "run", align: "left", flexible: true },
          { title: "started", align: "left", keep: 1 },
          { title: "arms", align: "left", keep: 2 },
        ],
        rows: documents.map(({ runId, startedAt, arms }, i) => ({
          cells: [
            letterOf(i),
            escapeControls(runId),
            startedAt.slice(0, 16).replace("T", " "),
            escapeControls(arms.map(({ name }) => name).join(", ")),
          ],
        })),
      },
      page,
    ),
  ];
}

function renderOutcome(outcome: LinkOutcome, letter: string, page: Page): string[][] {
  if (outcome.kind === "refused") {
    const text = `${letter} cannot be linked to A: ${escapeControls(outcome.reason)}.`;
    return [wrapText(text, page.width, { rest: 2 }).map((line) => page.paint("red", line))];
  }
  return outcome.links.map((link) => renderLink(link, letter, page));
}

function renderLink(link: RunLink, letter: string, page: Page): string[] {
  const [oldArm, newArm] = [escapeControls(link.oldArm), escapeControls(link.newArm)];
  const { old, new: newer, configSha256 } = link.shared;
  const through = old === newer ? escapeControls(old) : `${escapeControls(old)} / ${escapeControls(newer)}`;
  return [
    ...heading(
      `${newArm} of ${letter} / ${oldArm} of A, through ${through} (${escapeControls(configSha256.slice(0, 12))})`,
      page,
    ),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left" },
          { title: "A: over shared", align: "right", keep: 1 },
          { title: `${letter}: over shared`, align: "right", keep: 1 },
          { title: "linked", align: "right" },
          { title: "interval", align: "right" },
        ],
        rows: link.metrics.map((metric) => ({ cells: linkCells(metric) })),
      },
      page,
    ),
    ...dimText(
      "linked: the one ratio over the other, with its 95 % interval; the errors of both are added (se² = se₁² + se₂²)",
      page,
    ),
    ...(link.isSameConfig
      ? dimText(
          "both arms have the same config: how far this lies from 1 shows what comparing across runs costs",
          page,
        )
      : []),
  ];
}

function linkCells({ metric, oldRatio, newRatio, ratio, ciLow, ciHigh }: LinkedMetric): string[] {
  const linked = formatRatio(ratio, ciLow, ciHigh);
  const alone = (value: number | null): string => formatRatio(value, null, null).ratio;
  return [metricWords(metric), alone(oldRatio), alone(newRatio), linked.ratio, linked.interval];
}

function renderDifferences({ first, others }: LinkedRuns, page: Page): string[] {
  const documents = [first, ...others.map(({ document }) => document)];
  const differences = runDifferences(documents);
  if (differences.length === 0)
    return [...heading("What differs between the runs", page), "  nothing recorded"];
  return [
    ...heading("What differs between the runs", page),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left" },
          ...documents.map((_, i) => ({ title: letterOf(i), align: "left" as const })),
        ],
        rows: differences.map(({ what, values }) => ({ cells: [what, ...values.map(escapeControls)] })),
      },
      page,
    ),
  ];
}
