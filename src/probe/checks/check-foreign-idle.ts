/**
 * How long a server that is not ours keeps a connection on which nothing is said. Nothing can be scaled down here, so
 * that it is waited for: a little longer than the minute that most proxies give.
 */
import { type Finding, notTested, ok, type Trouble, warning } from "../../diagnosis/finding.js";
import { hintWords, idleDefaults } from "../../proxy/hints.js";
import type { ProbeContext } from "../probe-context.js";
import { exchange, upgradeText } from "../raw-client.js";
import { quietHabits } from "../websocket-end.js";
import { endWords } from "./check-messages.js";
import { explained } from "./explained-fault.js";

const watchS = 75;
const sliceMs = 500;

const toleranceS = 1.5;

export async function checkForeignIdle(context: ProbeContext): Promise<readonly Finding[]> {
  const { target, idle, signal } = context;
  if (!idle) return [notTested("idle-timeout", `--idle waits ${watchS} s for it`)];
  const { end } = await exchange(target, upgradeText(target), { habits: quietHabits });
  if (end === null) return [notTested("idle-timeout", "no WebSocket could be opened")];
  try {
    const startMs = performance.now();
    const elapsedS = (): number => (performance.now() - startMs) / 1000;
    while (elapsedS() < watchS && !signal.aborted && end.ended() === null)
      await end.until(() => end.ended() !== null, sliceMs);
    const spoke = end.count("ping") + end.count("message");
    const heard = `the server sent ${spoke} pings or messages meanwhile`;
    const ended = end.ended();
    if (ended === null) {
      const words = `a connection on which the client said nothing: still open after ${elapsedS().toFixed(0)} s`;
      return [ok("idle-timeout", [words, heard], "unknown")];
    }
    const afterS = (ended.atMs - startMs) / 1000;
    const evidence = [`after ${afterS.toFixed(2)} s the client saw: ${endWords(end)}`, heard];
    return [warning("idle-timeout", { ...explainEnd(context, afterS, evidence), side: "unknown" })];
  } finally {
    end.destroy();
  }
}

/** By the config, where there is one and its time is the one that was seen; else by the times that are usual. */
function explainEnd(context: ProbeContext, afterS: number, evidence: readonly string[]): Trouble {
  const isNear = ({ seconds }: { readonly seconds: number }): boolean =>
    Math.abs(seconds - afterS) < toleranceS;
  const title = `a WebSocket on which nothing is said ends after ${afterS.toFixed(1)} s`;
  const seconds = context.facts?.idleS.value ?? null;
  if (seconds !== null && isNear({ seconds }))
    return explained(context, { kind: "idle-end", afterS }, { title, evidence });
  const known = idleDefaults().filter(isNear);
  return {
    side: "unknown",
    title,
    evidence,
    cause:
      known[0] === undefined
        ? `a timeout of about ${afterS.toFixed(0)} s in the server, or in something before it`
        : `a timeout of ${known[0].seconds} s: ${known.map(({ whose }) => whose).join(", ")}`,
    cure: `a heartbeat from either side more often than every ${Math.floor(afterS)} s, or a longer timeout where it is set (${hintWords("idle")})`,
  };
}
