/** Every step of a capacity search, in the order it was run. */
import type { ArmCapacity, CapacityStepResult } from "../../results/capacity-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { formatCount, formatPercent, formatPerS, formatUs } from "../words/format.js";
import { dimText, heading } from "../words/words.js";

const styles = { pass: "green", fail: "red", void: "yellow" } as const;

export function renderCapacitySteps({ arm, steps }: ArmCapacity, page: Page): string[] {
  const shown = steps.filter(({ kind }) => kind !== "payload" && kind !== "memory");
  if (shown.length === 0) return [];
  return [
    ...heading(`Steps of ${escapeControls(arm)}`, page),
    ...renderTable(
      {
        columns: [
          { title: "step", align: "left" },
          { title: "offered/s", align: "right" },
          { title: "throughput/s", align: "right", keep: 3 },
          { title: "connections", align: "right", keep: 1 },
          { title: "response p50", align: "right", keep: 2 },
          { title: "p99", align: "right" },
          { title: "under way", align: "right", keep: 5 },
          { title: "CPU busy", align: "right", keep: 4 },
          { title: "", align: "left" },
        ],
        rows: shown.map(stepRow),
      },
      page,
    ),
    ...dimText(
      "CPU busy: the proxy's, 100 % is one core; void: the generator was not fit, so the step counts for nothing",
      page,
    ),
  ];
}

function stepRow(step: CapacityStepResult): Row {
  const { kind, trial, outcome } = step;
  const { response = trial.latencyUs.roundTrip } = trial.latencyUs;
  const isJudged = kind === "search" || kind === "connections";
  return {
    cells: [
      kind,
      formatPerS(step.ratePerS),
      formatPerS(trial.throughputPerS),
      formatCount(step.connections),
      formatUs(response.p50),
      formatUs(response.p99),
      formatPerS(step.inFlight),
      formatPercent(trial.proxyCost?.cpuShare),
      isJudged ? { text: outcome, style: styles[outcome] } : "",
    ],
    notes: isJudged && outcome !== "pass" ? [escapeControls(step.because.join("; "))] : [],
  };
}
