/**
 * What happens to a quiet connection, and what keeps it: measured on a copy of the config whose timeouts are scaled
 * down to two seconds, because nobody waits for an hour.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, fault, note, notTested, ok, warning } from "../../diagnosis/finding.js";
import { nginxDriver } from "../../proxy/nginx/driver.js";
import { placeOf } from "../../proxy/nginx/language/nginx-tree.js";
import { opcodes } from "../../websocket/opcode.js";
import { loggedWords } from "../evidence.js";
import { isNginx } from "../is-nginx.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import { endWords, noPair } from "./check-messages.js";

/** Long enough that a heartbeat which a busy machine delays still comes in time. */
const scaledS = 2;
const beatMs = 400;
/** Beyond this a connection that lives is kept by its heartbeat and not by a late timer. */
const watchMs = 4400;
/** Heartbeats of usual libraries come every 20 to 30 s. */
const shortS = 30;
/** Up to nginx's default, quiet connections die in everyday use. */
const everydayS = 60;
/** Whoever keeps them so long has thought of it. */
const hourS = 3600;

interface Configured {
  /** The time alone. */
  readonly text: string;
  readonly seconds: number | null;
  readonly words: string;
}

export async function checkIdle(context: ProbeContext): Promise<readonly Finding[]> {
  const { arm, view, facts, idle } = context;
  if (!isNginx(arm) || view === null || facts === null) {
    const why = "there is no config whose timeouts could be scaled down";
    return [notTested("idle-timeout", why), notTested("idle-rearm", why)];
  }
  const { value: seconds, quote } = facts.idleS;
  const text = quote.text.split(" ")[1] ?? "";
  const words =
    quote.place === null
      ? `proxy_read_timeout is not set: ${text} by default`
      : `\`${quote.text}\` at ${placeOf(quote.place)}`;
  const configured = { text, seconds, words };
  const opens = context.opening.client.end !== null;
  if (!idle)
    return [
      foretold(configured, { where: view.where, opens }),
      notTested("idle-rearm", "--idle measures it"),
    ];
  const variant = await context.startVariant({ kind: "idle", seconds: scaledS });
  if (variant === null)
    return [notTested("idle-timeout", noPair(context)), notTested("idle-rearm", noPair(context))];
  try {
    return await measure(variant.context, configured, view.where);
  } finally {
    await variant.stop();
  }
}

function shortTitle({ text }: Pick<Configured, "text">): string {
  return `a WebSocket on which nothing is said for ${text} is closed without a close frame (1006)`;
}

function shortTrouble(
  { text, words }: Configured,
  where: string,
  evidence: readonly string[],
): Parameters<typeof warning>[1] {
  return {
    side: "proxy",
    title: shortTitle({ text }),
    evidence,
    cause: `${words}; nginx logs it at level info alone`,
    cure: `a heartbeat from either side more often than every ${text}, or in ${where}:\nproxy_read_timeout 3600s;`,
  };
}

interface Foretelling {
  readonly where: string;
  /** Whether there is a WebSocket that could be quiet. */
  readonly opens: boolean;
}

function foretold(configured: Configured, { where, opens }: Foretelling): Finding {
  const { seconds, words, text } = configured;
  if (seconds !== null && seconds < shortS)
    return warning("idle-timeout", shortTrouble(configured, where, [`config: ${words}`]));
  if (opens && seconds !== null && seconds < hourS) {
    return note("idle-timeout", {
      title: shortTitle(configured),
      evidence: [`config: ${words}, for ${where}`, "not measured: --idle does"],
      cause: `nginx logs it at level info alone; a heartbeat from either side more often than every ${text} keeps it open, or proxy_read_timeout 3600s; in ${where}`,
    });
  }
  return notTested("idle-timeout", `${words}; --idle measures it`);
}

async function measure(context: ProbeContext, configured: Configured, where: string): Promise<Finding[]> {
  const pairs = [
    await context.openPair(),
    await context.openPair(),
    await context.openPair(),
    await context.openPair(),
  ];
  const [quiet, byClient, byBackend, byPing] = pairs;
  if (!quiet || !byClient || !byBackend || !byPing)
    return [notTested("idle-timeout", noPair(context)), notTested("idle-rearm", noPair(context))];
  const startMs = performance.now();
  const logged = context.proxy.log().length;
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
  const log = context.proxy
    .log()
    .slice(logged)
    .filter((line) => line.includes("timed out"));
  for (const pair of pairs) destroy(pair ?? null);
  const end = { afterS, seen: endWords(quiet.client), log };
  return [idleFinding(configured, end, where), rearmFinding(rearmed)];
}

function destroy(pair: OpenPair | null): void {
  pair?.client.destroy();
  pair?.backend.destroy();
}

interface QuietEnd {
  readonly afterS: number | null;
  readonly seen: string;
  /** What the proxy said of it. */
  readonly log: readonly string[];
}

function idleFinding(configured: Configured, { afterS, seen, log }: QuietEnd, where: string): Finding {
  const evidence = [
    `config: ${configured.words}; scaled down to ${scaledS} s for this look`,
    afterS === null
      ? `a quiet connection: still open after ${watchMs / 1000} s`
      : `a quiet connection: ended after ${afterS.toFixed(2)} s; client saw: ${seen}`,
    ...log.slice(0, 1).map((line) => loggedWords(nginxDriver.readLogLine(line))),
  ];
  if (afterS === null) return notTested("idle-timeout", evidence.join("; "));
  if (afterS < scaledS * 0.8) {
    return fault("idle-timeout", {
      side: "unknown",
      title: "a quiet connection ends before proxy_read_timeout",
      evidence,
      cause: "another timeout, or something else between, ends it",
      cure: "look for a shorter timeout on the way: a load balancer, a firewall, the backend",
    });
  }
  const { seconds } = configured;
  if (seconds !== null && seconds <= everydayS)
    return warning("idle-timeout", shortTrouble(configured, where, evidence));
  return ok("idle-timeout", evidence);
}

function rearmFinding(rearmed: readonly { readonly what: string; readonly isOpen: boolean }[]): Finding {
  const evidence = rearmed.map(
    ({ what, isOpen }) => `${what}: ${isOpen ? "kept it open" : "did not keep it open"}`,
  );
  if (rearmed.every(({ isOpen }) => isOpen)) return ok("idle-rearm", evidence);
  return warning("idle-rearm", {
    side: "proxy",
    title: "not every heartbeat keeps the connection open",
    evidence,
    cause: "the proxy counts the traffic of one direction only",
    cure: "send heartbeats from the side that counts",
  });
}
