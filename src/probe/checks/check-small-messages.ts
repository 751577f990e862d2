/**
 * Small messages that follow each other: without TCP_NODELAY one waits for the acknowledgement of the one before (Nagle's
 * algorithm), which the other side delays by 40 ms.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import { opcodes } from "../../websocket/opcode.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import { noPair } from "./check-messages.js";
import { explained } from "./explained-fault.js";

/** Questions that get two answers each; after the first few Linux takes the connection for a conversation. */
const rounds = 8;
const gapMs = 2;
const arrivalMs = 500;
/** A delayed acknowledgement takes 40 ms, and each time as long; what a busy machine takes differs. */
const heldMs = { least: 38, spread: 10 };

export async function checkSmallMessages(context: ProbeContext): Promise<readonly Finding[]> {
  const pair = await context.openPair();
  const delaysMs = pair === null ? [] : await answerDelaysMs(pair);
  pair?.client.destroy();
  pair?.backend.destroy();
  const slowestMs = Math.max(0, ...delaysMs);
  const symptom = { kind: "messages-held", delayMs: slowestMs } as const;
  const isWritten = context.config?.explain(symptom) != null;
  const words = `backend sent: two messages of 4 bytes ${gapMs} ms apart, ${rounds} times; the slowest took ${slowestMs.toFixed(1)} ms to the client`;
  if (!isWritten && !isHeld(delaysMs))
    return [pair === null ? notTested("small-messages", noPair(context)) : ok("small-messages", [words])];
  return [
    warning(
      "small-messages",
      explained(context, symptom, {
        title: "small messages that follow each other are held back",
        evidence: [pair === null ? "not tried: no WebSocket could be opened" : words],
        otherwise: {
          cause:
            "without TCP_NODELAY the kernel keeps a small segment back until the one before is acknowledged, which the receiver delays by up to 40 ms",
          cure: "TCP_NODELAY in what stands between",
        },
      }),
    ),
  ];
}

/** By the later rounds. */
function isHeld(delaysMs: readonly number[]): boolean {
  const settled = delaysMs.slice(rounds / 2);
  const [least, most] = [Math.min(...settled), Math.max(...settled)];
  return settled.length > 0 && least >= heldMs.least && most - least <= heldMs.spread;
}

/** Of the slower of the two, each time. */
async function answerDelaysMs({ client, backend }: OpenPair): Promise<readonly number[]> {
  const arrivals = (): number[] =>
    client.events.filter(({ kind }) => kind === "message").map(({ atMs }) => atMs);
  const delaysMs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    client.send(opcodes.text, "more");
    await backend.until(() => backend.events.length >= round, arrivalMs);
    const sentMs = [performance.now()];
    backend.send(opcodes.text, "tick");
    await sleep(gapMs);
    sentMs.push(performance.now());
    backend.send(opcodes.text, "tick");
    await client.until(() => arrivals().length >= 2 * round, arrivalMs);
    const arrivedMs = arrivals().slice(2 * (round - 1));
    delaysMs.push(Math.max(...sentMs.map((atMs, nth) => (arrivedMs[nth] ?? atMs + arrivalMs) - atMs)));
  }
  return delaysMs;
}
