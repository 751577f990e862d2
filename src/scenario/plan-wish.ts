/**
 * `--plan 200000x1`: the load that a plan is wanted for.
 */
import { UsageError } from "../base/errors.js";

export interface PlanWish {
  readonly connections: number;
  /** Messages a second of each connection. */
  readonly messagesPerSEach: number;
}

const connectionsMost = 1_000_000_000;
const messagesMost = 1_000_000;

/** @throws UsageError for a text that is no plan */
export function parsePlanWish(text: string): PlanWish {
  const match = /^(\d+)(k|M)?x(\d+(?:\.\d+)?)$/.exec(text.trim());
  const scale = match?.[2] === "k" ? 1e3 : match?.[2] === "M" ? 1e6 : 1;
  const connections = Number(match?.[1]) * scale;
  const messagesPerSEach = Number(match?.[3]);
  const isPlan =
    connections >= 1 &&
    connections <= connectionsMost &&
    messagesPerSEach > 0 &&
    messagesPerSEach <= messagesMost;
  if (isPlan) return { connections, messagesPerSEach };
  throw new UsageError(
    `Cannot use --plan ${text}: want CONNECTIONSxMESSAGES, such as 200000x1 for 200,000 connections with a message a second each`,
  );
}
