/**
 * What one side alone can tell of a server that is already running: the upgrade, and how it treats frames.
 */
import { maskUrl } from "../../base/mask-secrets.js";
import { type Finding, fault, notTested, ok, warning } from "../../diagnosis/finding.js";
import { valuesOf } from "../../websocket/header-fields.js";
import { opcodes } from "../../websocket/opcode.js";
import type { EndEvent } from "../end-diary.js";
import { headerWords } from "../evidence.js";
import { offered } from "../handshake-offer.js";
import type { ProbeContext } from "../probe-context.js";
import { exchange, upgradeText } from "../raw-client.js";
import { quietHabits, type WebSocketEnd } from "../websocket-end.js";
import { checkForeignUpgrade } from "./check-foreign-upgrade.js";
import { checkFrames } from "./check-frames.js";
import { endWords } from "./check-messages.js";

const answerMs = 2000;
/** In which a server that does not want this client ends the connection by itself. */
const settledMs = 250;

export async function checkForeign(context: ProbeContext): Promise<readonly Finding[]> {
  const upgrade = await checkForeignUpgrade(context);
  if (upgrade.status !== "ok") return [upgrade, ...untried("see upgrade")];
  const { end } = await exchange(context.target, upgradeText(context.target), {
    habits: { ...quietHabits, answersClose: true },
  });
  if (end === null) return [upgrade, ...untried("no second WebSocket could be opened")];
  try {
    const turnedOut = await checkWelcome(context, end);
    if (turnedOut !== null)
      return [turnedOut, checkSubprotocol(context), ...untried("see upgrade", ["frames", ...talkIds])];
    const talk = await checkTalk(end);
    const frames = checkFrames(end, "unknown", "client");
    const known = frames.status === "ok" ? talk : untried("see frames", talkIds);
    return [upgrade, checkSubprotocol(context), frames, ...known];
  } finally {
    end.destroy();
  }
}

const talkIds = ["message-text", "control-frames", "close-from-client"] as const;

function untried(
  why: string,
  ids: readonly Finding["id"][] = ["subprotocol", "frames", ...talkIds],
): Finding[] {
  return ids.map((id) => notTested(id, why));
}

/** @returns a fault when the server ends the connection before anything is said */
async function checkWelcome({ target }: ProbeContext, end: WebSocketEnd): Promise<Finding | null> {
  await end.until(() => isOver(end), settledMs);
  const close = end.find("close");
  // Broken frames are a finding of their own.
  if (end.find("protocol") !== undefined || (close === undefined && end.ended() === null)) return null;
  const offer = target.headers["Sec-WebSocket-Protocol"];
  return fault("upgrade", {
    side: "unknown",
    title: "the server upgrades, and ends the connection at once",
    evidence: [
      `client sent: GET ${maskUrl(target.path)}, Host: ${target.hostHeader}, Origin: ${target.origin}, ${offer === undefined ? "no Sec-WebSocket-Protocol" : headerWords("Sec-WebSocket-Protocol", offer)}`,
      "came back: HTTP/1.1 101 Switching Protocols",
      `then, before the client said anything: ${endWords(end)}`,
    ],
    cause:
      close === undefined
        ? "the server does not want this client, or its handler ended or broke"
        : `the server's own reason${close.reason === "" ? "" : `: ${close.reason}`}${close.code === null ? "" : `; code ${close.code}`}`,
    cure: "give it what it asks for: --subprotocol NAME, --header 'Authorization: …', --header 'Cookie: …', --origin, a query in --path; or see its log",
  });
}

/** Whether nothing more is to be waited for. */
function isOver(end: WebSocketEnd): boolean {
  return end.count("close") + end.count("protocol") > 0 || end.ended() !== null || end.isFlooded;
}

function checkSubprotocol({ opening, target }: ProbeContext): Finding {
  const { answer } = opening.client;
  const [chosen] = answer.kind === "answered" ? valuesOf(answer.fields, "Sec-WebSocket-Protocol") : [];
  if (chosen === undefined) return notTested("subprotocol", "the server chose none of those offered");
  const offer = target.headers["Sec-WebSocket-Protocol"] ?? offered.subprotocols;
  if (offer.split(/\s*,\s*/).includes(chosen)) return ok("subprotocol", [`came back: ${chosen}`], "unknown");
  return fault("subprotocol", {
    side: "unknown",
    title: "the server chose a subprotocol that was not offered",
    evidence: [`client sent: ${offer}`, `came back: ${chosen}`],
    cause: "browsers end the connection at once",
    cure: "the server is to choose one of those offered, or none",
  });
}

async function checkTalk(end: WebSocketEnd): Promise<Finding[]> {
  const greeting = end.find("message") ?? null;
  end.send(opcodes.ping, "wsrally");
  const ponged = await end.until(() => end.find("pong") !== undefined || isOver(end), answerMs);
  const hasPong = ponged && end.find("pong") !== undefined;
  end.send(opcodes.text, "ping");
  const isHeard = (): boolean => (greeting === null ? end.count("message") > 0 : end.events.some(isAnswer));
  await end.until(() => isHeard() || isOver(end), answerMs);
  const text = textFinding(end, greeting);
  const diedEarly = end.ended() !== null;
  const seen = endWords(end);
  end.close(1000, "");
  await end.until(() => isOver(end), answerMs);
  const closed = end.find("close") !== undefined;
  return [
    text,
    hasPong ? ok("control-frames", [], "unknown") : silent("control-frames", "a ping is not answered", seen),
    closed || diedEarly
      ? ok("close-from-client", [], "unknown")
      : silent("close-from-client", "a close frame is not answered", seen),
  ];
}

type Message = Extract<EndEvent, { kind: "message" }>;

/** An answer is told from what the server says of itself. */
function textFinding(end: WebSocketEnd, greeting: Message | null): Finding {
  const answer = end.events.find(isAnswer);
  if (answer !== undefined)
    return ok("message-text", [`client sent: ping; came back: ${messageWords(answer)}`], "unknown");
  if (greeting !== null) {
    const why = `it speaks first (${messageWords(greeting)}), and the text ping was not sent back`;
    return notTested("message-text", `${why}: whether it was read is not seen`);
  }
  const other = end.find("message");
  const why =
    other === undefined
      ? `the text ping was not answered (${endWords(end)}), which a server need not do`
      : `it answered something else than the text ping (${messageWords(other)}), which it may say of itself`;
  return notTested("message-text", why);
}

/** The same again, or what answers a ping. */
function isAnswer(event: EndEvent): event is Message {
  return event.kind === "message" && /^p[io]ng$/i.test(event.bytes.toString("utf8").trim());
}

function messageWords({ bytes }: Message): string {
  return JSON.stringify(bytes.toString("utf8").slice(0, 60));
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
