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
  const otherwise = rows.reduce((sum, row) => sum + row.otherwise, 0);
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
        rows: rows.map(({ row }) => row),
      },
      page,
    ),
    ...legendText("messages a second that were offered; limits: the clause that this search ran into", page),
    ...(otherwise === 0 ? [] : legendText(otherwiseWords(otherwise), page)),
  ];
}

function otherwiseWords(count: number): string {
  const they = count === 1 ? "1 reading stands" : `${count} readings stand`;
  return `${they} on the other side of a clause's edge: steps are noisy, and the edge is where fewest do`;
}

/** None where no step tells. */
function rowOf(slo: Slo, arm: ArmCapacity): { readonly row: Row; readonly otherwise: number }[] {
  const readings = readingsOf(slo, arm);
  if (readings.length === 0) return [];
  const { kept, missed, otherwise } = edgeOf(readings);
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
  const cells = [
    status,
    escapeControls(arm.arm),
    escapeControls(slo.expression),
    ...cellsOf(kept),
    ...cellsOf(missed),
  ];
  return [{ row: { cells }, otherwise }];
}

interface Edge {
  /** The highest below it that kept the clause. */
  readonly kept: Reading | undefined;
  /** The lowest above it that missed it. */
  readonly missed: Reading | undefined;
  /** Readings on the wrong side of it. */
  readonly otherwise: number;
}

/**
 * A step is noisy: some load may be kept above one that was missed. The edge lies where fewest readings are on the wrong
 * side of it; of several such places at the lowest.
 */
function edgeOf(readings: readonly Reading[]): Edge {
  const sorted = [...readings].sort((a, b) => a.perS - b.perS);
  const edges = [0, ...sorted.map((_, index) => index + 1)]
    .filter((cut) => sorted[cut - 1]?.perS !== sorted[cut]?.perS)
    .map((cut) => {
      const [below, above] = [sorted.slice(0, cut), sorted.slice(cut)];
      return {
        kept: below.findLast(({ isMet }) => isMet),
        missed: above.find(({ isMet }) => !isMet),
        otherwise: below.filter(({ isMet }) => !isMet).length + above.filter(({ isMet }) => isMet).length,
      };
    });
  return edges.reduce((best, edge) => (edge.otherwise < best.otherwise ? edge : best));
}

/** Of the steps that count. */
function readingsOf(slo: Slo, { steps }: ArmCapacity): Reading[] {
  return steps.flatMap(({ kind, outcome, ratePerS, trial }) => {
    if (kind !== "search" || outcome === "void" || ratePerS === null) return [];
    const { value, isMet } = readSlo(slo, trial);
    return isMet === null ? [] : [{ perS: ratePerS, value, isMet }];
  });
}
