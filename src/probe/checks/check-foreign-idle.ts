/**
 * How long a server that is not ours keeps a connection on which nothing is said. Nothing can be scaled down here, so
 * that it is waited for: a little longer than the minute that most proxies give.
 */
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import type { ProbeContext } from "../probe-context.js";
import { exchange, upgradeText } from "../raw-client.js";
import { quietHabits } from "../websocket-end.js";
import { endWords } from "./check-messages.js";

const watchS = 75;
const sliceMs = 500;

/** Idle limits by default, from the proxies' own documents. */
const usual = [
  { seconds: 30, whose: "HAProxy's timeout client or server as often set" },
  {
    seconds: 50,
    whose: "HAProxy's timeout client and server of its examples, where timeout tunnel is not set",
  },
  {
    seconds: 60,
    whose: "nginx's proxy_read_timeout by default, an AWS load balancer's idle timeout, Apache's Timeout",
  },
] as const;
const toleranceS = 1.5;

export async function checkForeignIdle({
  target,
  idle,
  signal,
  view,
}: ProbeContext): Promise<readonly Finding[]> {
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
    const known = usual.find(({ seconds }) => Math.abs(seconds - afterS) < toleranceS);
    const [read] = view?.effective("proxy_read_timeout") ?? [];
    return [
      warning("idle-timeout", {
        side: "unknown",
        title: `a WebSocket on which nothing is said ends after ${afterS.toFixed(1)} s`,
        evidence: [`after ${afterS.toFixed(2)} s the client saw: ${endWords(end)}`, heard],
        cause:
          known === undefined
            ? `a timeout of about ${afterS.toFixed(0)} s in the server, or in something before it`
            : `a timeout of ${known.seconds} s: ${read === undefined ? known.whose : `proxy_read_timeout ${read.args[0]}`}`,
        cure: `a heartbeat from either side more often than every ${Math.floor(afterS)} s, or a longer timeout where it is set; behind nginx:\nproxy_read_timeout 3600s;`,
      }),
    ];
  } finally {
    end.destroy();
  }
}
