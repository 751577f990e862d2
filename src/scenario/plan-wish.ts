/**
 * `--plan 200000x1`: the load that a plan is wanted for.
 */
import { UsageError } from "../base/errors.js";
import { readQuantity } from "../base/quantity.js";

export interface PlanWish {
  readonly connections: number;
  /** Messages a second of each connection. */
  readonly messagesPerSEach: number;
}

const connectionsMost = 1_000_000_000;
const messagesMost = 1_000_000;

/** @throws UsageError for a text that is no plan */
export function parsePlanWish(text: string): PlanWish {
  const [count = "", rate = "", ...rest] = text.split("x");
  const connections = readQuantity(count, { kind: "count", least: 1, most: connectionsMost });
  const messagesPerSEach = readQuantity(rate, { kind: "rate", least: 0, most: messagesMost, isAbove: true });
  if (connections !== null && messagesPerSEach !== null && rest.length === 0)
    return { connections, messagesPerSEach };
  throw new UsageError(
    `Cannot use --plan ${text}: want CONNECTIONSxMESSAGES, such as 200kx1 for 200,000 connections with a message a second each`,
  );
}
