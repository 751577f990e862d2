/**
 * Whether the figures of a cost table follow from the runs that it names: each is made again from their trials. Pure.
 */
import type { CostFigure, CostTable } from "../../results/cost-table-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import { buildCostTable, type CostFigures } from "./build-cost-table.js";

interface TableCheck {
  /** Made again. */
  readonly figures: number;
  /** What does not follow, a sentence each; texts of the table may stand in them. */
  readonly faults: readonly string[];
}

/** Of numbers that went through the same sums: what another processor may round differently. */
const tolerance = 1e-9;

export function checkCostTable(table: CostTable, documents: readonly RunDocument[]): TableCheck {
  const made = figuresOf(buildCostTable(documents));
  const told = figuresOf(table);
  const faults = [...told].flatMap(([name, figure]) => {
    const again = made.get(name);
    if (again === undefined) return [`${name}: the table has it, and no trial of the runs tells it`];
    const differing = differenceOf(figure, again);
    return differing === null ? [] : [`${name}: ${differing}`];
  });
  const missing = [...made.keys()].filter((name) => !told.has(name));
  return {
    figures: told.size,
    faults: [
      ...faults,
      ...missing.map((name) => `${name}: the runs tell it, and the table leaves it out`),
      ...programFaults(table, documents),
    ],
  };
}

type Named = ReadonlyMap<string, CostFigure>;

/** By row and name: "nginx, wss, 64 B, 100 connections, saturated: cpuUsPerMessage". */
function figuresOf({
  otherShare,
  messages,
  connections,
}: Pick<CostFigures, "otherShare" | "messages" | "connections">): Named {
  const ofRows = [
    ...messages.flatMap((row) =>
      namedFigures(
        `${subjectWords(row)}, ${row.bytes} B, ${row.ratePerS === null ? "saturated" : `${row.ratePerS}/s`}`,
        { ...row.figures, setAside: { ...nothing, median: row.setAside } },
      ),
    ),
    ...connections.flatMap((row) => namedFigures(subjectWords(row), row.figures)),
  ];
  return new Map([...namedFigures("all trials", { otherShare }), ...ofRows]);
}

/** A count as a figure. */
const nothing: CostFigure = { trials: 1, median: 0, low: null, high: null, least: 0, most: 0 };

function subjectWords({
  kind,
  set,
  tls,
  connections,
}: Pick<CostTable["connections"][number], "kind" | "set" | "tls" | "connections">): string {
  const tuned = Object.entries(set)
    .map(([name, value]) => ` ${name}=${value}`)
    .join("");
  return `${kind}${tuned}, ${tls ? "wss" : "ws"}, ${connections} connections`;
}

function namedFigures(
  row: string,
  figures: Readonly<Record<string, CostFigure | null>>,
): [string, CostFigure][] {
  return Object.entries(figures).flatMap(([name, figure]): [string, CostFigure][] =>
    figure === null ? [] : [[`${row}: ${name}`, figure]],
  );
}

function differenceOf(told: CostFigure, made: CostFigure): string | null {
  const keys = Object.keys(made) as (keyof CostFigure)[];
  const key = keys.find((one) => !isSame(told[one], made[one]));
  return key === undefined ? null : `${key} is ${told[key]} in the table, and ${made[key]} by the runs`;
}

function isSame(first: number | null, second: number | null): boolean {
  if (first === null || second === null) return first === second;
  return Math.abs(first - second) <= tolerance * Math.max(Math.abs(first), Math.abs(second));
}

/** The programs that the table names are those that ran. */
function programFaults(table: CostTable, documents: readonly RunDocument[]): string[] {
  const key = ({ kind, version, build }: Omit<CostTable["programs"][number], "sha256">): string =>
    JSON.stringify([kind, version, build]);
  const told = new Set(table.programs.map(key));
  return buildCostTable(documents)
    .programs.filter((program) => !told.has(key(program)))
    .map(({ kind, version }) => `${kind} ${version}: it ran, and the table does not name that program`);
}
