/**
 * Reads a folder of a cost table: `cost-table.json`, and the runs beside it. The folder may be a stranger's, so nothing is
 * read but plain files in it.
 */
import { join } from "node:path";
import { UsageError } from "../base/errors.js";
import { type CostTable, costTableSchema, costTableVersion } from "./cost-table-schema.js";
import { readLimits, readStoredJson } from "./stored-json.js";
import { listStored } from "./stored-list.js";

export const costTableFile = "cost-table.json";

/** Of some 20,000 rows. */
const mostTableBytes = 16 * 1024 ** 2;

export interface StoredCostTable {
  readonly table: CostTable;
  /** Ids of the runs that lie beside it, whether it names them or not. */
  readonly stored: readonly string[];
}

/** @throws UsageError where there is none, or not one of this version */
export function readCostTable(folder: string): StoredCostTable {
  const file = join(folder, costTableFile);
  const read = readStoredJson(file, {
    schema: costTableSchema,
    version: costTableVersion,
    limits: readLimits(mostTableBytes),
  });
  if ("fault" in read)
    throw new UsageError(
      `Cannot read the cost table ${file}: ${read.fault}; want a folder that \`npm run cost-table\` wrote`,
    );
  const runs = listStored(folder).filter(({ kind }) => kind === "run");
  return { table: read.data, stored: runs.map(({ id }) => id) };
}
