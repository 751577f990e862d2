/**
 * What SLOs make of a command's end, after its report.
 */
import { FaultsFoundError, InconclusiveError } from "../base/errors.js";
import type { RunDocument } from "../results/run-document.js";

/** @throws FaultsFoundError for one that was missed, InconclusiveError for one that nothing can be said of */
export function requireSlos({ slo = [] }: Pick<RunDocument, "slo">): void {
  const having = (status: string): string[] =>
    slo.filter((one) => one.status === status).map(({ arm, expression }) => `${arm}: ${expression}`);
  const [missed, unknown] = [having("missed"), having("unknown")];
  if (missed.length > 0) throw new FaultsFoundError(`SLO missed: ${missed.join("; ")}`);
  if (unknown.length > 0) throw new InconclusiveError(`SLO not proven: ${unknown.join("; ")}`);
}
