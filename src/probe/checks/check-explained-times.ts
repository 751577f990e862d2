/**
 * How long a proxy whose driver explains keeps a quiet WebSocket, and what its reload does to open ones.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import { quoteWords } from "../../diagnosis/quote.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import { endWords, noPair } from "./check-messages.js";
import { explained } from "./explained-fault.js";

/** Heartbeats of usual libraries come every 20 to 30 s. */
const shortS = 30;
const connections = 5;
const watchMs = 1000;

export function checkExplainedIdle(context: ProbeContext): readonly Finding[] {
  const { facts } = context;
  if (facts === null) return [notTested("idle-timeout", "there is no config to read")];
  const { value: afterS, quote } = facts.idleS;
  const words = quoteWords(quote);
  if (afterS === null || afterS >= shortS)
    return [notTested("idle-timeout", `${words}; it was not waited for`)];
  const title = `a WebSocket on which nothing is said for ${afterS} s is closed without a close frame (1006)`;
  return [
    warning(
      "idle-timeout",
      explained(context, { kind: "idle-end", afterS }, { title, evidence: [`config: ${words}`] }),
    ),
  ];
}

export async function checkExplainedReload(context: ProbeContext): Promise<readonly Finding[]> {
  const { quick, proxy, facts } = context;
  if (proxy.reload === undefined || facts === null) return [notTested("reload", "this arm has no reload")];
  if (quick) return [notTested("reload", "left out by --quick")];
  const pairs: OpenPair[] = [];
  try {
    while (pairs.length < connections) {
      const pair = await context.openPair();
      if (pair === null) return [notTested("reload", noPair(context))];
      pairs.push(pair);
    }
    const startMs = performance.now();
    await proxy.reload();
    await sleep(watchMs);
    return [judge(context, pairs, startMs)];
  } finally {
    for (const { client, backend } of pairs) {
      client.destroy();
      backend.destroy();
    }
  }
}

function judge(context: ProbeContext, pairs: readonly OpenPair[], startMs: number): Finding {
  const { value: shutdownS, quote } = context.facts?.shutdownS ?? { value: null, quote: null };
  const lost = pairs.filter(({ client }) => client.ended() !== null);
  const [first] = lost;
  const evidence = [
    `${pairs.length} WebSockets, reloaded: ${pairs.length - lost.length} open after ${watchMs / 1000} s`,
    ...(first === undefined ? [] : [`client saw: ${endWords(first.client)}`]),
    ...(quote === null ? [] : [`config: ${quoteWords(quote)}`]),
  ];
  if (lost.length === 0 && shutdownS === null) return ok("reload", evidence);
  const seenS = ((first?.client.ended()?.atMs ?? startMs) - startMs) / 1000;
  const afterS = lost.length > 0 ? seenS : (shutdownS ?? 0);
  const symptom = { kind: "cut-at-reload", afterS, close: null } as const;
  const title =
    lost.length > 0
      ? "a reload closes open WebSockets"
      : `${afterS} s after a reload every WebSocket that is still open is closed`;
  return warning("reload", explained(context, symptom, { title, evidence }));
}
