/** Which connection has which values of its own: row i of n goes to connections i, i + n, i + 2n. */

type Rows = readonly (readonly string[])[];

const none: readonly string[] = [];

/** @param connection its number among those that the rows are for */
export function rowOf(rows: Rows, connection: number): readonly string[] {
  return rows[connection % rows.length] ?? none;
}

/** The rows of some neighbouring connections, as if those were all: the first of them has row 0. */
export function rowsFrom(rows: Rows, first: number, connections: number): Rows {
  return Array.from({ length: Math.min(rows.length, connections) }, (_, index) => rowOf(rows, first + index));
}
