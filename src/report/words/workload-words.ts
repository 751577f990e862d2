/**
 * A workload in words. The document keeps it as it was resolved, without a schema of its own, so every part is
 * looked at before it is believed.
 */
import { formatBytes, formatCount, formatDelay, formatPercent, formatPerS, formatSeconds } from "./format.js";

type StoredWorkload = Readonly<Record<string, unknown>>;

/** `1,000 connections`, `up to 500 connections, by stages`, `50 connections, 5 of them closed and opened again a second`; empty when it does not say. */
export function connectionWords({ connections, stages, churn }: StoredWorkload): string {
  if (typeof connections !== "number") return "";
  const isStaged =
    Array.isArray(stages) && stages.some((stage) => isRecord(stage) && stage.connections !== undefined);
  const count = `${formatCount(connections)} connections`;
  return `${isStaged ? `up to ${count}, by stages` : count}${churnWords(churn)}`;
}

function churnWords(churn: unknown): string {
  if (!isRecord(churn)) return "";
  if (churn.kind === "rate" && typeof churn.perS === "number")
    return `, ${formatPerS(churn.perS)} of them closed and opened again a second`;
  if (!isRecord(churn.life)) return "";
  const { kind, leastS, mostS, meanS } = churn.life;
  const seconds = (value: unknown): string => (typeof value === "number" ? formatSeconds(value) : "");
  if (kind === "exponential") return `, each for ${seconds(meanS)} on average, and opened again`;
  const span = leastS === mostS ? seconds(mostS) : `${seconds(leastS)} to ${seconds(mostS)}`;
  return `, each for ${span}, and opened again`;
}

/** `message ping` `payloads of 64 B (text)`, `payloads of 64..1500 B (text)`, `messages of the scenario's own`; empty when it does not say. */
export function messageWords({ message }: StoredWorkload): string {
  if (!isRecord(message)) return "";
  if (message.kind === "ping") return "message ping";
  if (message.kind === "own") return "messages of the scenario's own";
  if (message.kind === "replayed") return `sessions of ${message.file}`;
  if (message.kind === "sized") {
    const replies = typeof message.down === "string" ? `, replies of ${message.down} B` : "";
    return `payloads of ${message.up} B${replies} (${message.binary === true ? "binary" : "text"})`;
  }
  if (typeof message.bytes !== "number") return "";
  return `payloads of ${formatBytes(message.bytes)} (${message.binary === true ? "binary" : "text"})`;
}

/** `2,000 pushes/s of 200 B, 20 messages/s of 200 B to rooms of 100`; empty where nothing comes unasked. */
export function unaskedWords({ push, fanout }: StoredWorkload): string {
  const words = (given: unknown, noun: string): string[] =>
    isRecord(given) && typeof given.ratePerS === "number" && typeof given.bytes === "number"
      ? [`${formatPerS(given.ratePerS)} ${noun}/s of ${formatBytes(given.bytes)}`]
      : [];
  const rooms =
    isRecord(fanout) && typeof fanout.room === "number" ? ` to rooms of ${formatCount(fanout.room)}` : "";
  return [...words(push, "pushes"), ...words(fanout, "messages").map((text) => text + rooms)].join(", ");
}

/** `clients 20.0 ms ± 5.00 ms away each way, 1 % of packets lost`; empty where no line is between clients and proxy. */
export function networkWords({ line }: StoredWorkload): string {
  if (!isRecord(line)) return "";
  const { delayMs, jitterMs, lossShare } = line;
  const away =
    typeof delayMs === "number" && typeof jitterMs === "number" && delayMs + jitterMs > 0
      ? [`clients ${formatDelay({ delayMs, jitterMs })} away each way`]
      : [];
  const lost =
    typeof lossShare === "number" && lossShare > 0 ? [`${formatPercent(lossShare)} of packets lost`] : [];
  return [...away, ...lost].join(", ");
}

/** `open loop, 10,000/s` once the rate is known; before that, how it will be found. */
export function loopWords({ loop }: StoredWorkload, ratePerS: number | null): string {
  const kind = isRecord(loop) ? loop.kind : undefined;
  if (ratePerS !== null) return `${kind === "paced" ? "paced" : "open loop"}, ${formatPerS(ratePerS)}/s`;
  if (isRecord(loop) && kind === "paced" && typeof loop.share === "number") {
    return `paced at ${formatPercent(loop.share)}`;
  }
  return isRecord(loop) && kind === "open" && typeof loop.ratePerS === "number"
    ? `open loop, ${formatPerS(loop.ratePerS)}/s`
    : "closed loop";
}

function isRecord(value: unknown): value is StoredWorkload {
  return typeof value === "object" && value !== null;
}
