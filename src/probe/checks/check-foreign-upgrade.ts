/**
 * The upgrade of a server that is not ours. One that refuses is asked again, each time without one thing that servers
 * refuse for, so that the cause is found and not guessed.
 */

import { type Finding, fault, notTested, ok, type Trouble } from "../../diagnosis/finding.js";
import { hintWords } from "../../proxy/hints.js";
import type { Answer } from "../answer.js";
import { answerWords, loggedWords } from "../evidence.js";
import { lookAtServer, seenOf } from "../look-at-server.js";
import type { ProbeContext } from "../probe-context.js";
import { exchange, upgradeText } from "../raw-client.js";
import { speaksOtherScheme } from "./check-scheme.js";
import { checkUpstreamTls } from "./check-upstream-tls.js";
import { explainForeignStatus } from "./explain-foreign-status.js";

export async function checkForeignUpgrade(context: ProbeContext): Promise<Finding> {
  const { opening, target, config } = context;
  const { answer, end, invalid, sent } = opening.client;
  if (end !== null && invalid === null) return ok("upgrade", [], "unknown");
  const evidence = [
    `client sent: ${sent.split("\r\n")[0]}, Host: ${target.hostHeader}, Origin: ${target.origin}`,
    `came back: ${answerWords(answer)}`,
    ...opening.log.slice(0, 2).map(loggedWords),
  ];
  if (invalid !== null) {
    return fault("upgrade", {
      side: "unknown",
      title: "the 101 is no valid one",
      evidence: [...evidence, invalid],
      cause: "who answers is no WebSocket server, or a cache answers for it",
      cure: "check what listens there",
    });
  }
  if (await speaksOtherScheme(context)) return notTested("upgrade", "see tls-scheme");
  if (answer.kind === "connect-failed" || answer.kind === "tls-failed")
    return notTested("upgrade", "no connection");
  if (await failsByUpstreamTls(context)) return notTested("upgrade", "see upstream-tls");
  const status = answer.kind === "answered" ? answer.status : null;
  const told = config?.explain({ kind: "upstream-failed", status, log: opening.log }) ?? null;
  const what = answer.kind === "answered" ? `with ${answer.status}` : "with nothing of use";
  const trouble = { side: "unknown", title: `the upgrade is answered ${what}` } as const;
  if (told !== null)
    return fault("upgrade", { ...trouble, side: "proxy", evidence, cause: told.cause, cure: told.cure });
  const found = await findReason(context);
  // The probe's own subprotocol is nothing that a client has to offer.
  if (found?.isOurs && target.headers["Sec-WebSocket-Protocol"] === undefined)
    return ok("upgrade", [...evidence, found.words], "unknown");
  if (found !== null) {
    return fault("upgrade", {
      ...trouble,
      evidence: [...evidence, found.words],
      cause: found.cause,
      cure: found.cure,
    });
  }
  return fault("upgrade", {
    ...trouble,
    evidence,
    ...((await explainByName(context)) ??
      (answer.kind === "answered" ? explainForeignStatus(answer.status) : explainNoAnswer(answer))),
  });
}

/** What this answer, or none, means where the server looks like a proxy that is known; null for anything else. */
async function explainByName(context: ProbeContext): Promise<Pick<Trouble, "cause" | "cure"> | null> {
  const { answer } = context.opening.client;
  if (answer.kind !== "answered" && answer.kind !== "timeout") return null;
  const named = await lookAtServer(context);
  const meaning = named?.meaningOf(seenOf(answer)) ?? null;
  if (named === null || meaning === null) return null;
  return { cause: `what answers here looks like ${named.title}: ${meaning.cause}`, cure: meaning.cure };
}

/** Not every proxy's log tells it from a connection that nobody took. */
async function failsByUpstreamTls(context: ProbeContext): Promise<boolean> {
  const found = await checkUpstreamTls(context);
  return found.some(({ status }) => status === "fault");
}

function explainNoAnswer(answer: Answer): Pick<Trouble, "cause" | "cure"> {
  if (answer.kind !== "bad-head")
    return {
      cause: "who listens there answers no HTTP, or drops this request",
      cure: "check port and scheme (ws:// or wss://), and the server's log",
    };
  return {
    cause: `${answer.words}; clients and proxies take heads of 8 to 16 KiB, in lines that end in CR LF`,
    cure: "look for what fills the server's headers: cookies, security policies, a header that is added again and again",
  };
}

interface Reason {
  /** Whether it lies in what the probe offers beyond a plain handshake. */
  readonly isOurs: boolean;
  readonly words: string;
  readonly cause: string;
  readonly cure: string;
}

interface Retry {
  readonly isOurs?: true;
  readonly what: string;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly cause: string;
  readonly cure: string;
}

/** The opening offered a subprotocol, extensions and cookies; the first retry has none of them. */
function retriesFor({ target }: ProbeContext): Retry[] {
  const bare = target.hostHeader.replace(/:\d+$/, "");
  return [
    {
      isOurs: true,
      what: "without a subprotocol, extensions and cookies",
      headers: {},
      cause: "the server refuses a subprotocol that it does not know (the probe offered wsrally.probe)",
      cure: "--subprotocol NAME with one that the server knows; a client must offer none, or one of those",
    },
    {
      what: "without Origin",
      headers: { Origin: null },
      cause: `the server refuses the Origin ${target.origin}: browsers send the page's own, and it is not among those that the server allows`,
      cure: `allow the page's origin in the server, or --origin with one that it allows; behind a proxy pass Host on (${hintWords("host")}), for many servers compare the two`,
    },
    ...(bare === target.hostHeader
      ? []
      : [
          {
            what: `with Host: ${bare}`,
            headers: { Host: bare, Origin: `${target.tls ? "https" : "http"}://${bare}` },
            cause: `the server takes the host without its port: it refuses ${target.hostHeader}`,
            cure: "allow the host with its port, or --host and --origin with what the server knows",
          },
        ]),
  ];
}

async function findReason(context: ProbeContext): Promise<Reason | null> {
  const { answer } = context.opening.client;
  // Who is silent is silent again, and each time is waited for.
  if (answer.kind === "timeout" || answer.kind === "not-http" || answer.kind === "bad-head") return null;
  if (answer.kind === "answered" && (answer.status < 400 || answer.status === 404 || answer.status === 426))
    return null;
  for (const { what, headers, cause, cure, isOurs } of retriesFor(context)) {
    const again = await exchange(context.target, upgradeText(context.target, headers));
    again.end?.destroy();
    if (again.end === null) continue;
    return { isOurs: isOurs ?? false, words: `${what} came back: ${answerWords(again.answer)}`, cause, cure };
  }
  return null;
}
