/** The SLOs of a stored search, clause by clause. */
import { parseSlos, type Slo } from "../../scenario/slo.js";

/** What is written by hand in a document may be no SLO: of that there are no clauses. */
export function storedSlos(expression: string): Slo[] {
  try {
    return parseSlos(expression);
  } catch {
    return [];
  }
}
