/** The runs of a sitting that are there, and the table that follows from them. */
import { buildCostTable } from "../../build/judge/cost-table/build-cost-table.js";
import { readDocument } from "../../build/results/read-run.js";
import { listStored } from "../../build/results/stored-list.js";

/** Runs of a sitting are told by it. */
export const scenarioPrefix = { whole: "cost-table", quick: "cost-table-quick" };

/** A run's scenario is named after its cell. */
export function cellName({ scheme, bytes, connections, load }, quick) {
  return `${quick ? scenarioPrefix.quick : scenarioPrefix.whole}.${scheme}-${bytes}-${connections}-${load}`;
}

/**
 * Ends the process with 2 where runs of a quick sitting and of a whole one would come together.
 * @returns documents by run, the oldest first
 */
export function storedRuns({ out, quick }) {
  const documents = listStored(out)
    .filter(({ kind, id }) => kind === "run" && !id.startsWith("."))
    .map(({ id }) => documentAt(`${out}/${id}/run.json`))
    .filter(({ status }) => status === "complete");
  const other = documents.find(
    ({ scenario }) => scenario.name.startsWith(`${scenarioPrefix.quick}.`) !== quick,
  );
  if (other !== undefined) {
    process.stderr.write(
      `${out} holds runs of a ${quick ? "whole" : "quick"} sitting, such as ${other.runId}: want another --out, or that folder gone\n`,
    );
    process.exit(2);
  }
  return documents.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** A run that is stored stays as it is. */
const known = new Map();

function documentAt(file) {
  if (!known.has(file)) known.set(file, readDocument(file));
  return known.get(file);
}

/** What follows from the runs that are stored. */
export function storedTable(flags) {
  return buildCostTable(storedRuns(flags));
}
