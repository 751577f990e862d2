/** A probe as JUnit XML: a test case for each finding. Only a fault fails, as it fails the command. */
import type { ProbeDocument } from "../../results/probe-document.js";
import type { TestCase } from "../ci/junit-case.js";
import { junitText } from "../ci/junit-text.js";
import type { ShownFinding } from "./probe-words.js";

export function renderProbeJunit({ arm, startedAt, finishedAt, findings }: ProbeDocument): string {
  return junitText({
    name: `probe of ${arm.name}`,
    startedAt,
    seconds: (Date.parse(finishedAt) - Date.parse(startedAt)) / 1e3,
    cases: findings.map(caseOf),
  });
}

const outcomes: Readonly<Record<ShownFinding["status"], TestCase["outcome"]>> = {
  ok: "passed",
  warning: "passed",
  fault: "failure",
  "not-tested": "skipped",
};

function caseOf({ id, status, title, evidence, cause, cure }: ShownFinding): TestCase {
  return {
    name: id,
    type: status,
    outcome: outcomes[status],
    message: status === "not-tested" ? `not tested: ${cause ?? title}` : `${status}: ${title}`,
    details: [
      ...evidence,
      ...(cause === null || status === "not-tested" ? [] : [`cause: ${cause}`]),
      ...(cure === null ? [] : `cure: ${cure}`.split("\n")),
    ],
  };
}
