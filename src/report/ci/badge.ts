/** A run in a word, as the JSON that shields.io makes a badge of (its endpoint schema, version 1). */
import type { ProbeDocument } from "../../results/probe-document.js";
import type { RunDocument } from "../../results/run-document.js";
import { probeCounts } from "../probe/probe-words.js";
import { groupLabels, isJudged, precedence } from "../run/verdict-section.js";
import { jsonText } from "../words/json-text.js";

const colours: Readonly<Record<string, string>> = {
  passed: "brightgreen",
  "SLO met": "brightgreen",
  better: "brightgreen",
  equivalent: "green",
  failed: "red",
  "SLO missed": "red",
  worse: "red",
  inconclusive: "yellow",
  "SLO not proven": "yellow",
  "can't tell": "yellow",
};

export function renderBadge(document: RunDocument): string {
  const message = wordFor(document);
  const label = document.gate === undefined ? "wsrally" : "wsrally gate";
  return jsonText({ schemaVersion: 1, label, message, color: colours[message] ?? "lightgrey" });
}

/** A probe likewise: how many faults and warnings it found. */
export function renderProbeBadge({ findings }: ProbeDocument): string {
  const hasStatus = (wanted: string): boolean => findings.some(({ status }) => status === wanted);
  const color = hasStatus("fault") ? "red" : hasStatus("warning") ? "yellow" : "brightgreen";
  return jsonText({ schemaVersion: 1, label: "wsrally probe", message: probeCounts(findings), color });
}

/** The gate's outcome, else the worst of the SLOs, else the verdict that weighs most. */
function wordFor({ gate, slo = [], ...document }: RunDocument): string {
  if (gate !== undefined) return gate.outcome;
  if (document.status !== "complete") return document.status;
  if (slo.some(({ status }) => status === "missed")) return "SLO missed";
  const verdicts = document.comparisons
    .filter((one) => isJudged(one, document))
    .map(({ verdict }) => verdict);
  const verdict = precedence.find((one) => verdicts.includes(one));
  if (verdict !== undefined) return groupLabels[verdict];
  if (slo.length === 0) return "measured";
  return slo.every(({ status }) => status === "met") ? "SLO met" : "SLO not proven";
}
