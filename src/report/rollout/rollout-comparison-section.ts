/**
 * Candidates of a rollout against the first arm: what it costs their clients more, and whether that is shown.
 */
import type { RolloutComparison } from "../../results/rollout-comparison-schema.js";
import type { Page } from "../draw/page.js";
import type { Style } from "../draw/paint.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { absent, formatCount, formatNumberOf } from "../words/format.js";
import { dimText, heading } from "../words/words.js";
import { formatMs } from "./rollout-words.js";

const verdicts: Readonly<Record<RolloutComparison["verdict"], readonly [words: string, style: Style]>> = {
  worse: ["worse", "red"],
  better: ["better", "green"],
  equivalent: ["equivalent", "green"],
  inconclusive: ["can't tell", "yellow"],
};

const metricWords: Readonly<Record<RolloutComparison["metric"], string>> = {
  lost: "clients lost",
  downP50Ms: "down p50",
};

/** Nothing without a second arm. */
export function renderRolloutComparisons(comparisons: readonly RolloutComparison[], page: Page): string[] {
  const [first] = comparisons;
  if (first === undefined) return [];
  // A table of nothing but "can't tell" takes the room of what was measured.
  if (first.blocks < first.blocksNeeded)
    return wrapText(`Against ${escapeControls(first.baseline)}: ${footWords(first)}`, page.width);
  return [
    ...heading(`Against ${escapeControls(first.baseline)}`, page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left", grouped: true },
          { title: "clients come back", align: "left", keep: 1 },
          { title: "", align: "left" },
          { title: "difference, 95 %", align: "right" },
          { title: "blocks", align: "right", keep: 2 },
          { title: "", align: "left" },
        ],
        rows: comparisons.map((comparison) => {
          const [text, style] = verdicts[comparison.verdict];
          return {
            cells: [
              escapeControls(comparison.candidate),
              comparison.reconnect,
              metricWords[comparison.metric],
              differenceText(comparison),
              formatCount(comparison.blocks),
              { text, style },
            ],
          };
        }),
      },
      page,
    ),
    ...dimText(footWords(first), page),
  ];
}

function differenceText({ metric, low, high }: RolloutComparison): string {
  if (low === null || high === null) return absent;
  const text = (value: number): string => {
    const size = metric === "lost" ? formatCount(Math.abs(Math.round(value))) : formatMs(Math.abs(value));
    return value < 0 ? `-${size}` : value > 0 ? `+${size}` : size;
  };
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}

function footWords({ blocks, blocksNeeded }: RolloutComparison): string {
  return blocks < blocksNeeded
    ? `no verdict from ${formatNumberOf(blocks, "block")}: want --blocks ${blocksNeeded} at least`
    : "by exact signed-rank tests over the blocks; equivalent: none lost and nobody down on either side in any block";
}

/** `haproxy against nginx: clients lost worse (+12 to +15)`. */
export function rolloutComparisonWords(comparison: RolloutComparison): string {
  const { baseline, candidate, metric, verdict } = comparison;
  return `${candidate} against ${baseline}: ${metricWords[metric]} ${verdicts[verdict][0]} (${differenceText(comparison)})`;
}
