/** The agents that a measurement's options ask for, hired for its run. */
import type { CrewOrder } from "../cluster/gather-crew.js";
import type { RunDocument } from "../results/run-document.js";
import type { RunOptions } from "./run-options.js";

export function crewOf(
  { crew }: Pick<RunOptions, "crew">,
  { runId }: Pick<RunDocument, "runId">,
): CrewOrder | null {
  return crew === null ? null : { ...crew, run: runId };
}
