/**
 * What one side alone can tell of a server that is already running: the upgrade, and how it treats frames.
 */
import { valuesOf } from "../../websocket/header-fields.js";
import { opcodes } from "../../websocket/opcode.js";
import { answerWords } from "../evidence.js";
import { type Finding, fault, notTested, ok, warning } from "../finding.js";
import { offered } from "../handshake-offer.js";
import type { ProbeContext } from "../probe-context.js";
import { exchange, upgradeText } from "../raw-client.js";
import { quietHabits } from "../websocket-end.js";
import { endWords } from "./check-messages.js";
import { speaksOtherScheme } from "./check-scheme.js";
import { explainForeignStatus } from "./explain-foreign-status.js";

const answerMs = 2000;
const oneSided = "only the client's end is seen";
const unseen = [
  "route",
  "upgrade-headers",
  "http-version",
  "path",
  "upgrade-hard-coded",
  "header-host",
  "header-origin",
  "header-forwarded",
  "cookies",
  "extensions",
  "message-binary",
  "message-fragmented",
  "message-large",
  "close-from-backend",
  "abrupt-end",
  "half-close",
  "slow-client",
  "slow-backend",
  "idle-timeout",
  "idle-rearm",
  "limit-conn",
  "limit-req",
  "worker-connections",
  "buffering",
  "reload",
  "upstream",
  "config-refused",
] as const;

export async function checkForeign(context: ProbeContext): Promise<readonly Finding[]> {
  return [
    checkUpgrade(context, await speaksOtherScheme(context)),
    checkSubprotocol(context),
    ...(await checkFrames(context)),
    ...unseen.map((id) => notTested(id, oneSided)),
  ];
}

function checkUpgrade({ opening, target }: ProbeContext, isSchemeFault: boolean): Finding {
  const { answer, end, invalid, sent } = opening.client;
  if (end !== null && invalid === null) return ok("upgrade", [], "unknown");
  const evidence = [
    `client sent: ${sent.split("\r\n")[0]}, Host: ${target.hostHeader}, Origin: ${target.origin}`,
    `came back: ${answerWords(answer)}`,
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
  if (isSchemeFault) return notTested("upgrade", "see tls-scheme");
  if (answer.kind === "connect-failed" || answer.kind === "tls-failed")
    return notTested("upgrade", "no connection");
  const meaning =
    answer.kind === "answered"
      ? explainForeignStatus(answer.status)
      : {
          cause: "who listens there answers no HTTP, or drops this request",
          cure: "check port and scheme (ws:// or wss://), and the server's log",
        };
  const what = answer.kind === "answered" ? `with ${answer.status}` : "with nothing of use";
  return fault("upgrade", {
    side: "unknown",
    title: `the upgrade is answered ${what}`,
    evidence,
    ...meaning,
  });
}

function checkSubprotocol({ opening }: ProbeContext): Finding {
  const { answer, end } = opening.client;
  if (answer.kind !== "answered" || end === null)
    return notTested("subprotocol", "no WebSocket could be opened");
  const [chosen] = valuesOf(answer.fields, "Sec-WebSocket-Protocol");
  if (chosen === undefined) return notTested("subprotocol", "the server chose none of those offered");
  if (offered.subprotocols.split(", ").includes(chosen))
    return ok("subprotocol", [`came back: ${chosen}`], "unknown");
  return fault("subprotocol", {
    side: "unknown",
    title: "the server chose a subprotocol that was not offered",
    evidence: [`client sent: ${offered.subprotocols}`, `came back: ${chosen}`],
    cause: "browsers end the connection at once",
    cure: "the server is to choose one of those offered, or none",
  });
}

async function checkFrames({ opening, target }: ProbeContext): Promise<Finding[]> {
  const none = "no WebSocket could be opened";
  if (opening.client.end === null) {
    return [
      notTested("message-text", none),
      notTested("control-frames", none),
      notTested("close-from-client", none),
    ];
  }
  const { end } = await exchange(target, upgradeText(target), {
    habits: { ...quietHabits, answersClose: true },
  });
  if (end === null) {
    return [
      notTested("message-text", none),
      notTested("control-frames", none),
      notTested("close-from-client", none),
    ];
  }
  end.send(opcodes.ping, "wsrally");
  const ponged = await end.until(() => end.find("pong") !== undefined || end.ended() !== null, answerMs);
  const hasPong = ponged && end.find("pong") !== undefined;
  end.send(opcodes.text, "ping");
  await end.until(() => end.find("message") !== undefined || end.ended() !== null, answerMs);
  const message = end.find("message");
  const diedEarly = end.ended() !== null;
  const seen = endWords(end);
  end.close(1000, "");
  await end.until(() => end.find("close") !== undefined || end.ended() !== null, answerMs);
  const closed = end.find("close") !== undefined;
  end.destroy();
  return [
    message === undefined
      ? notTested("message-text", `the text ping was not answered (${seen}), which a server need not do`)
      : ok(
          "message-text",
          [`client sent: ping; came back: ${JSON.stringify(message.bytes.toString("utf8").slice(0, 60))}`],
          "unknown",
        ),
    hasPong ? ok("control-frames", [], "unknown") : silent("control-frames", "a ping is not answered", seen),
    closed || diedEarly
      ? ok("close-from-client", [], "unknown")
      : silent("close-from-client", "a close frame is not answered", seen),
  ];
}

function silent(id: "control-frames" | "close-from-client", title: string, seen: string): Finding {
  return warning(id, {
    side: "unknown",
    title,
    evidence: [
      `client sent: ${id === "control-frames" ? "a ping" : "a close frame, code 1000"}`,
      `within ${answerMs / 1000} s came: ${seen}`,
    ],
    cause: "the server, or what stands between, does not answer as RFC 6455 (5.5) asks",
    cure: "do not rely on it: use heartbeats in messages, and time limits on closing",
  });
}
