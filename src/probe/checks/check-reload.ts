/**
 * What a reload does to open WebSockets: who survives, who is closed, how, and when.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../base/errors.js";
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import { opcodes } from "../../websocket/opcode.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import { endWords, noPair } from "./check-messages.js";

const connections = 5;
const beatMs = 50;
const watchMs = 1000;
const shutdownS = 1;

export async function checkReload(context: ProbeContext): Promise<readonly Finding[]> {
  const { quick, proxy, facts } = context;
  if (proxy.reload === undefined || facts === null) return [notTested("reload", "this arm has no reload")];
  if (quick) return [notTested("reload", "left out by --quick")];
  const { value: seconds, quote } = facts.shutdownS;
  const written = seconds === null ? null : { seconds, words: quote.text };
  if (seconds === null || seconds <= shutdownS)
    return [await look(context, { written, waitMs: watchMs + (seconds ?? 0) * 1000 })];
  const variant = await context.startVariant({ kind: "shutdown", seconds: shutdownS });
  if (variant === null) return [notTested("reload", noPair(context))];
  try {
    return [await look(variant.context, { written, waitMs: watchMs + shutdownS * 1000 })];
  } finally {
    await variant.stop();
  }
}

/** worker_shutdown_timeout as the config has it. */
interface Written {
  readonly seconds: number;
  /** The whole directive. */
  readonly words: string;
}

interface Wait {
  /** Null where old workers wait for as long as it takes. */
  readonly written: Written | null;
  readonly waitMs: number;
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

async function look(context: ProbeContext, { written, waitMs }: Wait): Promise<Finding> {
  const pairs: OpenPair[] = [];
  try {
    for (let index = 0; index < connections; index++) {
      const pair = await context.openPair();
      if (pair === null) return notTested("reload", noPair(context));
      pairs.push(pair);
    }
    const startMs = performance.now();
    const trouble = await reload(context);
    if (trouble !== null) return notTested("reload", trouble);
    while (performance.now() - startMs < waitMs && !context.signal.aborted) {
      for (const { client } of pairs) client.send(opcodes.text, "still there?");
      await sleep(beatMs);
    }
    const lost = pairs.filter(({ client }) => client.ended() !== null);
    const evidence = [
      `${connections} WebSockets under traffic, reloaded: ${connections - lost.length} open after ${(waitMs / 1000).toFixed(0)} s`,
      ...lost.slice(0, 1).map(({ client }) => {
        const atMs = client.ended()?.atMs ?? startMs;
        return `after ${((atMs - startMs) / 1000).toFixed(2)} s the client saw: ${endWords(client)}`;
      }),
    ];
    return judge(lost.length, written, evidence);
  } finally {
    for (const { client, backend } of pairs) {
      client.destroy();
      backend.destroy();
    }
  }
}

function judge(lost: number, written: Written | null, evidence: readonly string[]): Finding {
  if (lost === 0) return ok("reload", evidence);
  const isScaled = written !== null && written.seconds > shutdownS;
  return warning("reload", {
    side: "proxy",
    title:
      written === null
        ? "a reload closes open WebSockets"
        : `${written.seconds} s after a reload every WebSocket is closed without a close frame (1006)`,
    evidence: [
      ...evidence,
      ...(isScaled ? [`${written.words} was scaled down to ${shutdownS} s for this look`] : []),
    ],
    cause:
      written === null
        ? "old workers do not wait for their connections"
        : `\`${written.words}\`: old workers cut what is still open, busy or not`,
    cure: "clients that reconnect after a random wait; without worker_shutdown_timeout old workers live, and hold memory, until their last WebSocket ends",
  });
}
