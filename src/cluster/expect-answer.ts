/** An agent's answer as the one that its question wants. */
import { EnvironmentError } from "../base/errors.js";
import type { AgentAnswer } from "./protocol.js";

/** @throws EnvironmentError for another one */
export function expectAnswer<Kind extends AgentAnswer["kind"]>(
  kind: Kind,
  answer: AgentAnswer,
): AgentAnswer & { readonly kind: Kind } {
  if (answer.kind === kind) return answer as AgentAnswer & { readonly kind: Kind };
  throw new EnvironmentError(`An agent answered ${answer.kind} and not ${kind}`);
}
