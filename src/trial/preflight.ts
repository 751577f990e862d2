/**
 * One connection and one message before any load: does the arm upgrade, and does it answer? Counted apart from the
 * trials.
 */
import { createDeferred } from "../base/deferred.js";
import { EnvironmentError } from "../base/errors.js";
import { maskUrl } from "../base/mask-secrets.js";
import type { ConnectionFault } from "../load/engine.js";
import type { Target } from "../load/messages.js";
import { hiderOf } from "../load/secrets-of-target.js";
import { armText } from "../scenario/arm.js";
import { fillText } from "../websocket/filled-text.js";
import { askOnce } from "./ask-once.js";
import type { PreparedArm } from "./prepare-arms.js";
import { targetOf } from "./target-of.js";
import type { Traffic } from "./traffic-record.js";

interface PreflightSettings {
  readonly arm: PreparedArm;
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** One connection that opens, and one message that is answered. */
const oneMessage: Traffic = {
  messages: { sent: 1, received: 1 },
  connections: { requested: 1, opened: 1, failed: 0 },
  failures: [],
};

/** @throws EnvironmentError that says how far the one connection came */
async function preflight({ arm, target, signal }: PreflightSettings): Promise<void> {
  const { plan } = arm;
  const outcome = createDeferred<string | null>();
  const path = plan.workload.path ?? fillText(target.path, []);
  const url = maskUrl(`${target.tls ? "wss" : "ws"}://${target.hostHeader}${path}`);
  const asked = askOnce(arm, target, (answer) => {
    if (answer.kind === "right") outcome.resolve(null);
    else if (answer.kind === "amiss") outcome.resolve(`${url} upgraded, but ${answer.words}`);
    else outcome.resolve(`no WebSocket at ${url}: ${describeFault(answer.fault, arm.backend === null)}`);
  });
  const onAbort = (): void => outcome.resolve(null);
  signal.addEventListener("abort", onAbort);
  try {
    asked.begin();
    const fault = await outcome.promise;
    signal.throwIfAborted();
    if (fault !== null) {
      const more = `${fault.endsWith("?") ? "" : ";"} ${probeOf(arm)} looks closer`;
      throw new EnvironmentError(`Cannot measure arm ${plan.name}: ${hiderOf(target)(fault)}${more}`);
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    asked.stop();
  }
}

/**
 * Starts the arm's proxy for one preflight, and stops it.
 * @returns what was sent
 * @throws EnvironmentError when the arm does not answer
 */
export async function preflightArm(arm: PreparedArm, signal: AbortSignal): Promise<Traffic> {
  const proxy = await arm.proxy.start(signal);
  try {
    await preflight({
      arm,
      target: await targetOf(arm, proxy.endpoint),
      signal,
    });
    return oneMessage;
  } finally {
    await proxy.stop();
  }
}

/** As much of a server's own words as one line takes. */
const bodyShown = 120;

/** What was met, what the server says to it, and where the answer is ours to explain, the usual reason for it. */
function describeFault({ kind, code, detail, body = "" }: ConnectionFault, isForeign: boolean): string {
  if (kind !== "upgrade-status") return `${kind} (${detail})`;
  const hint = code === null ? undefined : (isForeign ? foreignHints : ownHints)[code];
  const words = body
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const said = words.length > bodyShown ? `${words.slice(0, bodyShown)}…` : words;
  return [
    detail.endsWith("HTTP/2") ? detail : `${detail} in place of 101`,
    ...(said === "" ? [] : [`it says ${JSON.stringify(said)}`]),
    ...(hint === undefined ? [] : [hint]),
  ].join("; ");
}

type Hints = Readonly<Record<number, string>>;

const anyHints: Hints = {
  200: "a plain page was served: is the path the WebSocket's?",
  403: "was the Origin refused? --origin sets it",
  404: "no route for this path: --path sets it",
  502: "the proxy did not reach its backend",
  504: "the backend did not answer the proxy",
};

/** Behind a proxy of ours stands a backend that refuses nothing, so it is the proxy that made something of the request. */
const ownHints: Hints = {
  ...anyHints,
  400: "was the Upgrade header passed on?",
  426: "the Upgrade header did not arrive: pass Upgrade and Connection on to the backend",
};

const foreignHints: Hints = {
  ...anyHints,
  401: "it wants to know who asks: --header or --cookie says so",
  426: "it saw no upgrade: a proxy before it may not pass Upgrade and Connection on",
};

/** The command that looks closer, as it would be typed. */
function probeOf({ plan }: PreparedArm): string {
  const { target } = plan;
  if (target.kind === "url" && target.container === undefined) {
    const { origin, pathname } = new URL(target.url);
    return `wsrally probe ${origin}${pathname}`;
  }
  return `wsrally probe ${armText(target)}`;
}
