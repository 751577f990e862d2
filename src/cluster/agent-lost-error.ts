/** An agent that a run had is not there any more, or what it said has not come. */
import { EnvironmentError } from "../base/errors.js";

export class AgentLostError extends EnvironmentError {
  readonly agent: string;
  /** "was not heard of for 0.8 s" */
  readonly how: string;

  constructor(agent: string, how: string) {
    super(`Agent ${agent} ${how}`);
    this.agent = agent;
    this.how = how;
  }
}
