/** The reference of names that documents hold and flags take: metrics, SLOs, findings, failures, exit codes. */
import { exitCodes, exitMeanings } from "../../build/base/exit-codes.js";
import { findingIds, findingSides, findingStatuses, ok } from "../../build/diagnosis/finding.js";
import { failureKinds, failureMeanings, failureSides } from "../../build/load/failure.js";
import { defaultMargin, isByDifference, metricNames } from "../../build/scenario/metric.js";
import { rolloutMetrics } from "../../build/scenario/rollout-slo.js";
import { sloMetrics } from "../../build/scenario/slo-metric.js";
import { code, page, prose, table } from "./markdown.js";

const units = { us: "time", ms: "time", perS: "a second", bytes: "bytes", share: "share", count: "count" };

export function namesPage() {
  return page("Names", [
    "Stable within a schema version: names are added, and not renamed.",
    "## Exit codes",
    table(
      ["code", ""],
      Object.entries(exitCodes).map(([name, number]) => [code(String(number)), prose(exitMeanings[name])]),
    ),
    "Node's own 1 is a crash, and never means a verdict.",
    "## Metrics",
    "What a comparison can be about, as `--metric` or `compare.metrics` name it. A difference within the margin counts as none.",
    table(
      ["metric", "margin"],
      metricNames.map((name) => [code(name), marginWords(name)]),
    ),
    "## SLO names",
    "As `--slo` and `slo` take them: `response.p99 < 20ms && failures == 0`. `p99` alone is of the round trip, `throughput` is `throughputPerS`, and names of `proxyCost` may stand alone.",
    table(
      ["name", "limit", "good"],
      [...sloMetrics].map(([name, { unit, good }]) => [code(name), units[unit], good]),
    ),
    "Of `rollout`: `lost == 0 && down.p99 < 500ms`.",
    table(
      ["name", "limit"],
      Object.entries(rolloutMetrics).map(([name, unit]) => [code(name), units[unit]]),
    ),
    "## Findings",
    `Ids of \`probe\`; a status is ${findingStatuses.map(code).join(", ")}, a side ${findingSides.map(code).join(", ")}. What each compares, and its usual cure: [Findings](../findings.md).`,
    table(
      ["id", "when all is well"],
      findingIds.map((id) => [code(id), prose(ok(id).title)]),
    ),
    "## Failures",
    `Kinds of \`failures[]\`; a side is ${failureSides.map(code).join(", ")}. How it is decided: [Failures](../failures.md).`,
    table(
      ["kind", ""],
      failureKinds.map((kind) => [code(kind), prose(failureMeanings[kind])]),
    ),
  ]);
}

function marginWords(metric) {
  const margin = defaultMargin(metric);
  return isByDifference(metric) ? `${margin}/s` : `${Math.round(margin * 100)} %`;
}
