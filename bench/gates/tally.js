/** Gates of a case into a row of the table. */
import { median } from "../support/figures.js";

/** @returns no row for a case without gates */
export function rowsOf({ name, target, lines }) {
  if (lines.length === 0) return [];
  const judged = lines.filter(isJudged);
  const count = (outcome) => String(judged.filter((line) => line.outcome === outcome).length);
  const seconds = judged.map((line) => line.seconds);
  const broken = lines.length - judged.length;
  const { words, measured, isMet } = target(judged);
  const has = judged.length > 0;
  return [
    [
      name,
      `${judged.length}${broken > 0 ? ` (+${broken} broken)` : ""}`,
      count("failed"),
      count("passed"),
      count("inconclusive"),
      has ? median(seconds).toFixed(1) : "-",
      has ? Math.max(...seconds).toFixed(1) : "-",
      words,
      measured,
      has ? (isMet ? "met" : "missed") : "-",
    ],
  ];
}

/** A sentence for each gate that let through what it should have caught, and for each that broke. */
export function missedLines({ name, isMissed = () => false, lines }) {
  const missed = lines.filter((line) => isJudged(line) && isMissed(line));
  const broken = lines.filter((line) => !isJudged(line));
  return [
    ...missed.map(({ subject, outcome, wanted }) => `${name}: ${subject} ${outcome}; want ${wanted}.`),
    ...broken.map(({ run, why }) => `${name}: run ${run + 1} broke: ${why}`),
  ];
}

function isJudged({ outcome }) {
  return outcome !== "error";
}
