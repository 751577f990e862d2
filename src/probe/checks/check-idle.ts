/**
 * What happens to a quiet connection, and what keeps it: measured on a copy of the config whose timeouts are scaled
 * down to two seconds, because nobody waits for an hour.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, fault, note, notTested, ok, warning } from "../../diagnosis/finding.js";
import { type Quote, quoteAt, type Stated } from "../../diagnosis/quote.js";
import type { LoggedLine } from "../../diagnosis/symptom.js";
import { timeWords } from "../../diagnosis/time-words.js";
import { opcodes } from "../../websocket/opcode.js";
import { loggedWords } from "../evidence.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import { endWords, noPair } from "./check-messages.js";
import { explained } from "./explained-fault.js";

/** Long enough that a heartbeat which a busy machine delays still comes in time. */
const scaledS = 2;
const beatMs = 400;
/** Beyond this a connection that lives is kept by its heartbeat and not by a late timer. */
const watchMs = 4400;
/** Heartbeats of usual libraries come every 20 to 30 s. */
const shortS = 30;
/** Up to the default of most proxies, quiet connections die in everyday use. */
const everydayS = 60;
/** Whoever keeps them so long has thought of it. */
const hourS = 3600;

type Idle = Stated<number | null>;

export async function checkIdle(context: ProbeContext): Promise<readonly Finding[]> {
  const { facts, idle } = context;
  if (facts === null) return untried("there is no config whose timeouts could be scaled down");
  const { idleS } = facts;
  if (idleS.value === null) return untried(quoteAt(idleS.quote));
  if (!idle) return [foretold(context, idleS), notTested("idle-rearm", "--idle measures it")];
  if (context.opening.client.end === null) return untried(noPair(context));
  const variant = await context.startVariant({ kind: "idle", seconds: scaledS });
  if (variant === null) return untried("the times of this config cannot be scaled down");
  try {
    return await measure(variant.context, context, idleS);
  } finally {
    await variant.stop();
  }
}

function untried(why: string): Finding[] {
  return [notTested("idle-timeout", why), notTested("idle-rearm", why)];
}

function shortTitle(seconds: number): string {
  return `a WebSocket on which nothing is said for ${timeWords(seconds)} is closed without a close frame (1006)`;
}

function foretold(context: ProbeContext, { value, quote }: Idle): Finding {
  const words = quoteAt(quote);
  if (value === null || value >= hourS) return notTested("idle-timeout", `${words}; --idle measures it`);
  const evidence = [`config: ${words}`];
  const trouble = explained(
    context,
    { kind: "idle-end", afterS: null },
    { title: shortTitle(value), evidence, otherwise: heartbeat(value, quote) },
  );
  if (value < shortS) return warning("idle-timeout", trouble);
  if (context.opening.client.end === null) return notTested("idle-timeout", `${words}; --idle measures it`);
  const { title, cause, cure } = trouble;
  return note("idle-timeout", {
    title,
    evidence: [...evidence, "not measured: --idle does"],
    cause: `${cause}; ${cure.replace(/:\n/, ": ").replaceAll("\n", " ")}`,
  });
}

/** In no proxy's words. */
function heartbeat(seconds: number, quote: Quote): { readonly cause: string; readonly cure: string } {
  return {
    cause: `${quoteAt(quote)}; the proxy ends what is quiet for so long`,
    cure: `a heartbeat from either side more often than every ${timeWords(seconds)}, or a longer time`,
  };
}

/** @param asWritten the config as it is, which explains what was seen */
async function measure(context: ProbeContext, asWritten: ProbeContext, idleS: Idle): Promise<Finding[]> {
  const pairs = [
    await context.openPair(),
    await context.openPair(),
    await context.openPair(),
    await context.openPair(),
  ];
  const [quiet, byClient, byBackend, byPing] = pairs;
  if (!quiet || !byClient || !byBackend || !byPing) return untried(noPair(context));
  const startMs = performance.now();
  const logged = context.log().length;
  byPing.backend.habits = { ...byPing.backend.habits, answersPings: false };
  while (performance.now() - startMs < watchMs && !context.signal.aborted) {
    byClient.client.send(opcodes.text, "beat");
    byBackend.backend.send(opcodes.text, "beat");
    byPing.client.send(opcodes.ping, "beat");
    await sleep(beatMs);
  }
  const ended = quiet.client.ended();
  const afterS = ended === null ? null : (ended.atMs - startMs) / 1000;
  const rearmed = (
    [
      ["data from the client alone", byClient],
      ["data from the backend alone", byBackend],
      ["unanswered pings from the client", byPing],
    ] as const
  ).map(([what, pair]) => ({ what, isOpen: pair.client.ended() === null }));
  const log = context
    .log()
    .slice(logged)
    .filter(({ cause }) => cause === "idle-timeout" || cause === "upstream-timeout");
  for (const pair of pairs) destroy(pair ?? null);
  const end = { afterS, seen: endWords(quiet.client), log };
  return [idleFinding(asWritten, idleS, end), rearmFinding(asWritten, rearmed)];
}

function destroy(pair: OpenPair | null): void {
  pair?.client.destroy();
  pair?.backend.destroy();
}

interface QuietEnd {
  readonly afterS: number | null;
  readonly seen: string;
  /** What the proxy said of it. */
  readonly log: readonly LoggedLine[];
}

function idleFinding(
  context: ProbeContext,
  { value, quote }: Idle,
  { afterS, seen, log }: QuietEnd,
): Finding {
  const evidence = [
    `config: ${quoteAt(quote)}; scaled down to ${scaledS} s for this look`,
    afterS === null
      ? `a quiet connection: still open after ${watchMs / 1000} s`
      : `a quiet connection: ended after ${afterS.toFixed(2)} s; client saw: ${seen}`,
    ...log.slice(0, 1).map(loggedWords),
  ];
  if (afterS === null) return notTested("idle-timeout", evidence.join("; "));
  if (afterS < scaledS * 0.8) {
    return fault("idle-timeout", {
      side: "unknown",
      title: "a quiet connection ends before the proxy's own time is over",
      evidence,
      cause: "another timeout, or something else between, ends it",
      cure: "look for a shorter timeout on the way: a load balancer, a firewall, the backend",
    });
  }
  if (value === null || value > everydayS) return ok("idle-timeout", evidence);
  const seenHere = { title: shortTitle(value), evidence, otherwise: heartbeat(value, quote) };
  return warning("idle-timeout", explained(context, { kind: "idle-end", afterS: null }, seenHere));
}

interface Rearmed {
  readonly what: string;
  readonly isOpen: boolean;
}

function rearmFinding(context: ProbeContext, rearmed: readonly Rearmed[]): Finding {
  const evidence = rearmed.map(
    ({ what, isOpen }) => `${what}: ${isOpen ? "kept it open" : "did not keep it open"}`,
  );
  const ignored = rearmed.filter(({ isOpen }) => !isOpen).map(({ what }) => what);
  if (ignored.length === 0) return ok("idle-rearm", evidence);
  const symptom = { kind: "heartbeat-ignored", which: ignored.join(", ") } as const;
  return warning(
    "idle-rearm",
    explained(context, symptom, {
      title: "not every heartbeat keeps the connection open",
      evidence,
      otherwise: {
        cause: "the proxy counts the traffic of one direction only",
        cure: "send heartbeats from the side that counts",
      },
    }),
  );
}
