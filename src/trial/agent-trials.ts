/**
 * Trials whose load agents make: what one of them costs that is lost, and when the run may go on without it.
 */
import { AgentLostError } from "../cluster/agent-lost-error.js";
import type { SeriesObserver, TrialRunner } from "./series.js";
import type { Stage } from "./with-stage.js";

interface AgentTrials extends Pick<Stage, "crew" | "regroup"> {
  readonly observer: Pick<SeriesObserver, "agents">;
}

/** Its trial has been given up, and the run goes on with the agents that are left. */
class VoidBlockError extends Error {}

/**
 * The same trials, of which one that loses an agent is given up: outside of blocks it is made again, and in one the block is
 * void, for its trials would have had different generators.
 * @throws AgentLostError from a trial where too few are left
 */
export function withAgents(trial: TrialRunner, { crew, regroup, observer }: AgentTrials): TrialRunner {
  if (crew === null) return trial;
  const tell = (): void => observer.agents?.(crew.standings());
  tell();
  const run: TrialRunner = async (arm, load, place, progress) => {
    try {
      return await trial(arm, load, place, progress);
    } catch (thrown) {
      if (!(thrown instanceof AgentLostError)) throw thrown;
      crew.requireRest(thrown);
      await regroup();
      if (place.block >= 0) throw new VoidBlockError(thrown.message);
      return await trial(arm, load, place, progress);
    } finally {
      tell();
    }
  };
  return run;
}

/** @returns null for a block that is void @throws everything else again */
export function untilBlockIsVoid(thrown: unknown): null {
  if (thrown instanceof VoidBlockError) return null;
  throw thrown;
}
