/** What a search was held to: each clause of the SLO with the loads that kept and missed it, and its value there. */
import { readSlo } from "../../judge/slo-in-trial.js";
import type { ArmCapacity, Capacity } from "../../results/capacity-schema.js";
import type { Slo } from "../../scenario/slo.js";
import { sloMetrics } from "../../scenario/slo-metric.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { sloValue } from "../run/slo-section.js";
import { absent, formatPerS } from "../words/format.js";
import { storedSlos } from "../words/stored-slos.js";
import { heading, legendText } from "../words/words.js";

/** A step of the search for a rate, by one clause. */
interface Reading {
  readonly perS: number;
  readonly value: number | null;
  readonly isMet: boolean;
}

export function renderCapacitySlos(capacity: Capacity, page: Page): string[] {
  const slos = capacity.slo.flatMap(storedSlos);
  const rows = [capacity, ...capacity.others].flatMap((arm) => slos.flatMap((slo) => rowOf(slo, arm)));
  if (rows.length === 0) return [];
  return [
    ...heading("SLO", page),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left" },
          { title: "arm", align: "left", grouped: true },
          { title: "SLO", align: "left" },
          { title: "kept up to", align: "right" },
          { title: "there", align: "right", keep: 1 },
          { title: "missed from", align: "right" },
          { title: "there", align: "right", keep: 1 },
        ],
        rows,
      },
      page,
    ),
    ...legendText("messages a second that were offered; limits: the clause that this search ran into", page),
  ];
}

/** None where no step tells. */
function rowOf(slo: Slo, arm: ArmCapacity): Row[] {
  const readings = readingsOf(slo, arm).sort((a, b) => a.perS - b.perS);
  const kept = readings.filter(({ isMet }) => isMet).at(-1);
  const missed = readings.find(({ isMet }) => !isMet);
  if (kept === undefined && missed === undefined) return [];
  const status =
    missed === undefined
      ? ({ text: "kept", style: "green" } as const)
      : kept === undefined
        ? ({ text: "missed", style: "red" } as const)
        : ({ text: "limits", style: "yellow" } as const);
  const unit = sloMetrics.get(slo.metric)?.unit ?? "count";
  const cellsOf = (reading: Reading | undefined): string[] =>
    reading === undefined
      ? [absent, absent]
      : [`${formatPerS(reading.perS)}/s`, sloValue(reading.value, { unit })];
  return [
    {
      cells: [
        status,
        escapeControls(arm.arm),
        escapeControls(slo.expression),
        ...cellsOf(kept),
        ...cellsOf(missed),
      ],
    },
  ];
}

/** Of the steps that count. */
function readingsOf(slo: Slo, { steps }: ArmCapacity): Reading[] {
  return steps.flatMap(({ kind, outcome, ratePerS, trial }) => {
    if (kind !== "search" || outcome === "void" || ratePerS === null) return [];
    const { value, isMet } = readSlo(slo, trial);
    return isMet === null ? [] : [{ perS: ratePerS, value, isMet }];
  });
}
