/** A gate's outcome, its findings and SLOs as test cases. */
import type { GateResult } from "../../results/gate-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { SloResult } from "../../results/slo-schema.js";
import { unmeasuredWords } from "../gate/gate-section.js";
import { sloValue, whyUnknown } from "../run/slo-section.js";
import type { TestCase } from "./junit-case.js";

/** Of any run: an SLO that is missed fails, one that is not proven is skipped. */
export function sloCases({ slo = [] }: RunDocument): TestCase[] {
  const outcomes = { met: "passed", missed: "failure", unknown: "skipped" } as const;
  return slo.map((one) => ({
    name: `${one.arm}: ${one.expression}`,
    type: `slo-${one.status}`,
    outcome: outcomes[one.status],
    message: `${one.status}: ${sloWords(one)}`,
    details: [],
  }));
}

function sloWords(one: SloResult): string {
  const { value, low, high } = one;
  const interval = low === null ? "" : ` (${sloValue(low, one)} to ${sloValue(high, one)})`;
  return one.status === "unknown" ? whyUnknown(one) : `${sloValue(value, one)}${interval}`;
}

export function gateCases(gate: GateResult): TestCase[] {
  const outcomes = {
    passed: "passed",
    failed: "failure",
    inconclusive: gate.inconclusive === "fail" ? "failure" : "skipped",
  } as const;
  const [first = gate.outcome] = gate.reasons;
  const unmeasured = unmeasuredWords(gate);
  return [
    {
      name: "gate",
      type: `gate-${gate.outcome}`,
      outcome: outcomes[gate.outcome],
      message: `${gate.outcome}: ${first}`,
      details: [...gate.reasons, ...(unmeasured === null ? [] : [unmeasured])],
    },
    ...gate.pairs.flatMap(({ candidate, regressions }) =>
      regressions.map(
        ({ id, title, status, fails, evidence, cause, cure }): TestCase => ({
          name: `${candidate}: ${id}`,
          type: status,
          outcome: fails ? "failure" : "passed",
          message: `${status}: ${title}`,
          details: [
            ...evidence,
            ...(cause === null ? [] : [`cause: ${cause}`]),
            ...(cure === null ? [] : `cure: ${cure}`.split("\n")),
          ],
        }),
      ),
    ),
    ...(unmeasured === null
      ? []
      : [
          {
            name: "measurement",
            type: "unmeasured",
            outcome: "skipped" as const,
            message: unmeasured,
            details: [],
          },
        ]),
  ];
}

/** A gate fails for what it says it fails for, and for nothing else that is worse. */
export function failsGate(
  { gate }: RunDocument,
  kind: "worse" | "failures",
  { candidate, about }: { readonly candidate: string; readonly about: string },
): boolean {
  if (gate === undefined) return true;
  const isCause = gate.causes.some(
    (cause) => cause.kind === kind && cause.candidate === candidate && cause.about === about,
  );
  return gate.outcome === "failed" && isCause;
}
