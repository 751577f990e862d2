/**
 * One connection and one message before any load: does the arm upgrade, and does it answer? Counted apart from the
 * trials.
 */
import { createDeferred } from "../base/deferred.js";
import { EnvironmentError } from "../base/errors.js";
import type { ConnectionFault } from "../load/engine.js";
import { createMessageSource, wrongReply } from "../load/message-source.js";
import type { Target } from "../load/messages.js";
import { createWsEngine } from "../load/ws-engine.js";
import type { Message } from "../scenario/workload.js";
import { makeTarget } from "./make-target.js";
import type { PreparedArm } from "./prepare-arms.js";
import type { Traffic } from "./traffic.js";

const replyTimeoutMs = 5000;

interface PreflightSettings {
  /** Names the arm in errors. */
  readonly arm: string;
  readonly target: Target;
  readonly message: Message;
  readonly answers: readonly string[];
  readonly signal: AbortSignal;
}

/** One connection that opens, and one message that is answered. */
const oneMessage: Traffic = {
  messages: { sent: 1, received: 1 },
  connections: { requested: 1, opened: 1, failed: 0 },
  failures: [],
};

/** @throws EnvironmentError that says how far the one connection came */
async function preflight({ arm, target, message, answers, signal }: PreflightSettings): Promise<void> {
  const outcome = createDeferred<string | null>();
  const source = createMessageSource(message, { seed: 0, answers });
  const url = `${target.tls ? "wss" : "ws"}://${target.hostHeader}${target.path}`;
  const engine = createWsEngine({
    target,
    connections: 1,
    sources: [],
    handshakeTimeoutMs: replyTimeoutMs,
    busyPoll: false,
    events: {
      opened: () => void engine.send(0, source.messageFor(0), source.binary),
      failed: (_connection, fault) => outcome.resolve(`no WebSocket at ${url}: ${describeFault(fault)}`),
      message: (_connection, data, start, end, isBinary) => {
        const right = source.check(data, start, end, isBinary) !== wrongReply;
        const words = JSON.stringify(data.toString("utf8", start, Math.min(end, start + 60)));
        outcome.resolve(right ? null : `${url} upgraded, but answered ${words}`);
        return true;
      },
      pong: () => undefined,
      closed: (_connection, { detail }) =>
        outcome.resolve(`${url} upgraded, but gave no answer to the first message: ${detail}`),
    },
  });
  const timer = setTimeout(
    () => outcome.resolve(`${url} upgraded, but gave no answer within ${replyTimeoutMs / 1000} s`),
    2 * replyTimeoutMs,
  );
  const onAbort = (): void => outcome.resolve(null);
  signal.addEventListener("abort", onAbort);
  try {
    engine.open(0);
    const fault = await outcome.promise;
    signal.throwIfAborted();
    if (fault !== null) throw new EnvironmentError(`Cannot measure arm ${arm}: ${fault}`);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    engine.destroy();
  }
}

/**
 * Starts the arm's proxy for one preflight, and stops it.
 * @returns what was sent
 * @throws EnvironmentError when the arm does not answer
 */
export async function preflightArm(arm: PreparedArm, signal: AbortSignal): Promise<Traffic> {
  const { name, target, workload } = arm.plan;
  const proxy = await arm.proxy.start(signal);
  try {
    await preflight({
      arm: name,
      target: await makeTarget({
        arm: target,
        endpoint: proxy.endpoint,
        webSocket: arm.proxy.webSocket,
        workload,
        givenCaPem: arm.givenCaPem,
      }),
      message: workload.message,
      answers: arm.answers,
      signal,
    });
    return oneMessage;
  } finally {
    await proxy.stop();
  }
}

/** What was met, and the usual reason for it. */
function describeFault({ kind, code, detail }: ConnectionFault): string {
  if (kind !== "upgrade-status") return `${kind} (${detail})`;
  const hints: Readonly<Record<number, string>> = {
    200: "a plain page was served: is the path the WebSocket's?",
    400: "was the Upgrade header passed on?",
    403: "was the Origin refused? --origin sets it",
    404: "no route for this path: --path sets it",
    426: "the Upgrade header did not arrive: pass Upgrade and Connection on to the backend",
    502: "the proxy did not reach its backend",
    504: "the backend did not answer the proxy",
  };
  const hint = code === null ? undefined : hints[code];
  return `${detail} in place of 101${hint ? `; ${hint}` : ""}`;
}
