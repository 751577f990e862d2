/**
 * `tcp_nodelay off`: small messages wait for the acknowledgement of the one before (Nagle's algorithm), which the
 * other side delays by 40 ms.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, notTested, ok, warning } from "../../diagnosis/finding.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { opcodes } from "../../websocket/opcode.js";
import { isNginx } from "../is-nginx.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";

/** Questions that get two answers each; after the first few Linux takes the connection for a conversation. */
const rounds = 8;
const gapMs = 2;
const arrivalMs = 500;

export async function checkSmallMessages(context: ProbeContext): Promise<readonly Finding[]> {
  const { view, arm } = context;
  if (!isNginx(arm) || view === null) return [notTested("small-messages", "there is no config to read")];
  const [written] = view.effective("tcp_nodelay");
  if (written?.args[0] !== "off")
    return [ok("small-messages", ["config: tcp_nodelay is on, nginx's default"])];
  const pair = await context.openPair();
  const seen = pair === null ? null : await longestDelayMs(pair);
  pair?.client.destroy();
  pair?.backend.destroy();
  return [
    warning("small-messages", {
      side: "proxy",
      title: "small messages that follow each other are held back",
      evidence: [
        `config: \`tcp_nodelay off\` at ${placeOf(written.origin)}`,
        seen === null
          ? "not tried: no WebSocket could be opened"
          : `backend sent: two messages of 4 bytes ${gapMs} ms apart, ${rounds} times; the slowest took ${seen.toFixed(1)} ms to the client`,
      ],
      cause:
        "without TCP_NODELAY the kernel keeps a small segment back until the one before is acknowledged, which the receiver delays by up to 40 ms",
      cure: `take the line out: tcp_nodelay is on by default`,
    }),
  ];
}

async function longestDelayMs({ client, backend }: OpenPair): Promise<number> {
  const arrivals = (): number[] =>
    client.events.filter(({ kind }) => kind === "message").map(({ atMs }) => atMs);
  const delaysMs: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    client.send(opcodes.text, "more");
    await backend.until(() => backend.events.length >= round, arrivalMs);
    for (let answer = 1; answer <= 2; answer++) {
      const sentMs = performance.now();
      const nth = 2 * (round - 1) + answer - 1;
      backend.send(opcodes.text, "tick");
      if (answer === 1) await sleep(gapMs);
      else await client.until(() => arrivals().length > nth, arrivalMs);
      delaysMs.push((arrivals()[nth] ?? sentMs + arrivalMs) - sentMs);
    }
  }
  return Math.max(...delaysMs);
}
