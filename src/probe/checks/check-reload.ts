/**
 * What a reload does to open WebSockets: who survives, who is closed, how, and when.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../base/errors.js";
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import { quoteAt } from "../../diagnosis/quote.js";
import { timeWords } from "../../diagnosis/time-words.js";
import { opcodes } from "../../websocket/opcode.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import { endWords, noPair } from "./check-messages.js";
import { explained } from "./explained-fault.js";
import { openH2AtReload } from "./h2-at-reload.js";

const connections = 5;
const beatMs = 50;
const watchMs = 1000;
const shutdownS = 1;

export async function checkReload(context: ProbeContext): Promise<readonly Finding[]> {
  const { quick, proxy, facts } = context;
  if (proxy.reload === undefined || facts === null) return untried("this arm has no reload");
  if (quick) return untried("left out by --quick");
  const { value: seconds } = facts.shutdownS;
  if (seconds === null || seconds <= shutdownS)
    return judged(context, await look(context, watchMs + (seconds ?? 0) * 1000));
  if (context.opening.client.end === null) return untried(noPair(context));
  const variant = await context.startVariant({ kind: "shutdown", seconds: shutdownS });
  if (variant === null) return untried("the times of this config cannot be scaled down");
  try {
    return judged(context, await look(variant.context, watchMs + shutdownS * 1000));
  } finally {
    await variant.stop();
  }
}

function untried(why: string): Finding[] {
  return [notTested("reload", why), notTested("h2-websocket-reload", why)];
}

function judged(context: ProbeContext, seen: Seen | string): Finding[] {
  return typeof seen === "string" ? untried(seen) : [judge(context, seen), seen.overH2];
}

interface Seen {
  readonly lost: number;
  /** When the first of them ended. */
  readonly afterS: number | null;
  readonly evidence: readonly string[];
  /** What became of those over HTTP/2. */
  readonly overH2: Finding;
}

/** @returns null when it has; else why it has not, or nobody can tell */
async function reload({ proxy }: ProbeContext): Promise<string | null> {
  try {
    await proxy.reload?.();
    return null;
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    return thrown.message;
  }
}

/** @returns a sentence where it could not be looked at */
async function look(context: ProbeContext, waitMs: number): Promise<Seen | string> {
  const pairs: OpenPair[] = [];
  const overH2 = await openH2AtReload(context);
  try {
    for (let index = 0; index < connections; index++) {
      const pair = await context.openPair();
      if (pair === null) return noPair(context);
      pairs.push(pair);
    }
    const startMs = performance.now();
    const trouble = await reload(context);
    if (trouble !== null) return trouble;
    while (performance.now() - startMs < waitMs && !context.signal.aborted) {
      for (const { client } of pairs) client.send(opcodes.text, "still there?");
      overH2.beat();
      await sleep(beatMs);
    }
    const ends = pairs.flatMap(({ client }) => (client.ended() === null ? [] : [client]));
    const [first] = ends;
    const afterS = first === undefined ? null : ((first.ended()?.atMs ?? startMs) - startMs) / 1000;
    const open = connections - ends.length;
    const words = `${connections} WebSockets under traffic, reloaded: ${open} open after ${(waitMs / 1000).toFixed(0)} s`;
    const seen =
      first === undefined || afterS === null
        ? []
        : [`after ${afterS.toFixed(2)} s the client saw: ${endWords(first)}`];
    const lost = ends.length;
    const h2 = overH2.judge(context, startMs, lost);
    return { lost, afterS, evidence: [words, ...seen], overH2: h2 };
  } finally {
    overH2.close();
    for (const { client, backend } of pairs) {
      client.destroy();
      backend.destroy();
    }
  }
}

function judge(context: ProbeContext, seen: Seen): Finding {
  const { value: seconds = null, quote = null } = context.facts?.shutdownS ?? {};
  if (seen.lost === 0) return ok("reload", seen.evidence);
  const isScaled = quote !== null && seconds !== null && seconds > shutdownS;
  const scaled = isScaled ? [`${quote.text} was scaled down to ${shutdownS} s for this look`] : [];
  const title =
    seconds === null || seconds === 0
      ? "a reload closes open WebSockets"
      : `${timeWords(seconds)} after a reload every WebSocket is closed without a close frame (1006)`;
  const symptom = { kind: "cut-at-reload", afterS: isScaled ? null : seen.afterS, close: null } as const;
  return warning(
    "reload",
    explained(context, symptom, {
      title,
      evidence: [...seen.evidence, ...scaled],
      otherwise: {
        cause: `${quote === null ? "" : `${quoteAt(quote)}; `}the old process does not wait for its connections`,
        cure: "clients that reconnect after a random wait",
      },
    }),
  );
}
