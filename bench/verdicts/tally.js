/** Runs of a case into a row of the table. */
import { median } from "../support/figures.js";

/** @returns no row for a case without runs */
export function rowsOf({ name, target, lines }) {
  if (lines.length === 0) return [];
  const judged = lines.filter(({ outcome }) => outcome !== "failed" && outcome !== "error");
  const count = (outcome) => judged.filter((line) => line.outcome === outcome).length;
  const seconds = judged.map((line) => line.seconds);
  const failed = lines.length - judged.length;
  const { words, measured, isMet } = target(judged);
  return [
    [
      name,
      `${judged.length}${failed > 0 ? ` (+${failed} failed)` : ""}`,
      String(count("worse")),
      String(count("better")),
      String(count("equivalent")),
      String(count("inconclusive")),
      judged.length === 0 ? "-" : median(seconds).toFixed(0),
      words,
      measured,
      judged.length === 0 ? "-" : isMet ? "met" : "missed",
    ],
  ];
}

/** Of several verdicts the one that speaks for the run. */
export function outcomeOf(verdicts) {
  const order = ["worse", "better", "inconclusive", "equivalent"];
  return order.find((verdict) => verdicts.includes(verdict)) ?? "inconclusive";
}

/** The most that a chance of `share` gives in `runs` but 1 time in 100. */
export function mostByChance(runs, share) {
  let probability = (1 - share) ** runs;
  let cumulative = probability;
  let count = 0;
  while (cumulative < 0.99 && count < runs) {
    probability *= ((runs - count) / (count + 1)) * (share / (1 - share));
    cumulative += probability;
    count++;
  }
  return count;
}
