/**
 * WebSockets over HTTP/2 (RFC 8441): whether they are announced, for then browsers open them so, and whether what is
 * announced is kept, up to a handshake that a backend can answer. Behind a port without TLS no browser is met.
 */
import { maskUrl } from "../../base/mask-secrets.js";
import { type Finding, note, notTested, ok } from "../../diagnosis/finding.js";
import { createKey } from "../../websocket/accept-key.js";
import { listHolds, valuesOf } from "../../websocket/header-fields.js";
import { opcodes } from "../../websocket/opcode.js";
import type { BackendExchange } from "../backend-exchange.js";
import { answerWords, headerWords, loggedWords } from "../evidence.js";
import { h2AnswerWords } from "../h2-answer.js";
import { type H2Connection, type H2Exchange, openH2 } from "../h2-client.js";
import type { ProbeContext } from "../probe-context.js";
import { checkH2SlowStream } from "./check-h2-slow-stream.js";
import { checkH2Streams } from "./check-h2-streams.js";
import { checkH3 } from "./check-h3.js";
import { noPair } from "./check-messages.js";
import { h2Trouble } from "./h2-trouble.js";

const laterIds = [
  "h2-websocket-refused",
  "h2-websocket-key-missing",
  "h2-websocket-stream-limit",
  "h2-websocket-slow-stream",
] as const;

export async function checkH2(context: ProbeContext): Promise<readonly Finding[]> {
  const { arm, target, opening } = context;
  const isForeign = arm.kind === "url";
  if (isForeign && !target.tls)
    return untried("not asked for: browsers speak HTTP/2 over TLS alone", context);
  if (opening.client.end === null) return untried(noPair(context), context);
  const opened = await openH2(target);
  if ("words" in opened) {
    const announced = ok("h2-websocket-announced", [`no HTTP/2: ${opened.words}`]);
    return [announced, ...left("the proxy speaks no HTTP/2 here"), checkH3(context, null)];
  }
  const { connection } = opened;
  try {
    const h3 = checkH3(context, target.tls ? await connection.page() : null);
    if (!connection.isAnnounced) return [unannounced(context), ...left(unannouncedWords), h3];
    return [announced(context, connection), ...(await checkKept(context, connection)), h3];
  } finally {
    connection.destroy();
    await context.settle();
  }
}

/** Why nothing is to be looked at then. */
export const unannouncedWords = "WebSockets over HTTP/2 are not announced";

function left(why: string): Finding[] {
  return laterIds.map((id) => notTested(id, why));
}

function untried(why: string, context: ProbeContext): Finding[] {
  return [notTested("h2-websocket-announced", why), ...left(why), checkH3(context, null)];
}

function unannounced({ config, version }: ProbeContext): Finding {
  const told = config?.explain({ kind: "h2-websocket", what: "unannounced", version }) ?? null;
  return ok("h2-websocket-announced", [
    "client received: SETTINGS without ENABLE_CONNECT_PROTOCOL: browsers open WebSockets over HTTP/1.1 beside it",
    ...(told === null ? [] : [`proxy: ${told.cause}`]),
  ]);
}

function announced({ target }: ProbeContext, { streamsMost }: H2Connection): Finding {
  const streams = streamsMost === null ? "" : `, MAX_CONCURRENT_STREAMS = ${streamsMost}`;
  const evidence = [`client received: SETTINGS ENABLE_CONNECT_PROTOCOL = 1${streams}`];
  if (!target.tls)
    return ok("h2-websocket-announced", [
      ...evidence,
      "without TLS no browser speaks HTTP/2; a balancer in front, or another client, may",
    ]);
  return note("h2-websocket-announced", {
    title: "WebSockets over HTTP/2 are announced: browsers will use them",
    evidence,
    cause:
      "a browser that has an HTTP/2 connection to the host opens its WebSockets on that one (RFC 8441), all tabs together: what ends or holds up the connection does so to all of them",
  });
}

interface Seen {
  readonly exchange: H2Exchange;
  readonly backend: BackendExchange | null;
  readonly evidence: readonly string[];
}

async function checkKept(context: ProbeContext, connection: H2Connection): Promise<Finding[]> {
  const seen = await openOne(context, connection);
  const [, keyId, ...manyIds] = laterIds;
  const key = isKeyless(context, seen) ? await keyMissing(context, connection, seen) : null;
  if (key !== null)
    return [
      notTested("h2-websocket-refused", `see ${keyId}`),
      key,
      ...manyIds.map((id) => notTested(id, `see ${keyId}`)),
    ];
  const trouble = await refused(context, seen);
  if (trouble !== null)
    return [trouble, ...[keyId, ...manyIds].map((id) => notTested(id, "see h2-websocket-refused"))];
  const keyFound =
    context.backend === null ? notTested(keyId, "only the client's end is seen") : ok(keyId, seen.evidence);
  const streams = await checkH2Streams(context, connection);
  connection.destroy();
  await context.settle();
  const slow = await checkH2SlowStream(context, connection.streamsMost);
  return [ok("h2-websocket-refused", seen.evidence), keyFound, streams, slow];
}

const reachMs = 1000;
const logDelayMs = 30;

async function openOne(context: ProbeContext, connection: H2Connection, key?: string): Promise<Seen> {
  const { backend, target } = context;
  const logBefore = context.log().length;
  const before = backend?.exchanges.length ?? 0;
  const exchange = await connection.webSocket(key === undefined ? {} : { key });
  const reached = (await backend?.after(before, exchange.end === null ? logDelayMs : reachMs)) ?? null;
  // What it logs of connections from before, as they end, is none of this one's.
  const log = context
    .log()
    .slice(logBefore)
    .filter(({ cause }) => cause !== null && cause !== "client-ended");
  return {
    exchange,
    backend: reached,
    evidence: [
      `client sent: CONNECT ${maskUrl(target.path)}, :protocol websocket${key === undefined ? "" : ", a Sec-WebSocket-Key"}`,
      ...(backend === null ? [] : [receivedWords(reached)]),
      `came back: ${h2AnswerWords(exchange.answer)}`,
      ...log.slice(0, 3).map(loggedWords),
    ],
  };
}

function receivedWords(backend: BackendExchange | null): string {
  const request = backend?.request ?? null;
  if (request === null) return `backend received: ${backend === null ? "nothing" : "no HTTP/1 request"}`;
  const [upgrade] = valuesOf(request.fields, "Upgrade");
  const [key] = valuesOf(request.fields, "Sec-WebSocket-Key");
  const line = `${request.method} ${maskUrl(request.target)} HTTP/${request.httpVersion}`;
  const fields = upgrade === undefined ? "no Upgrade" : headerWords("Upgrade", upgrade);
  return `backend received: ${line}, ${fields}, ${key === undefined ? "no" : "a"} Sec-WebSocket-Key`;
}

/** An upgrade came to the backend, and nothing in it to answer; of a backend that is not ours, what it says to such a one. */
function isKeyless(context: ProbeContext, { backend, exchange: { answer } }: Seen): boolean {
  if (context.backend === null) return answer.kind === "answered" && answer.status === 400;
  const fields = backend?.request?.fields ?? [];
  return listHolds(fields, "Upgrade", "websocket") && valuesOf(fields, "Sec-WebSocket-Key").length === 0;
}

/** Null where a key of the client's own makes no difference to a backend that is not ours. */
async function keyMissing(
  context: ProbeContext,
  connection: H2Connection,
  seen: Seen,
): Promise<Finding | null> {
  const withKey = await openOne(context, connection, createKey());
  withKey.exchange.end?.destroy();
  if (context.backend === null && withKey.exchange.end === null) return null;
  const { version } = context;
  const symptom = { kind: "h2-websocket", what: "key-missing", version } as const;
  return h2Trouble(context, "h2-websocket-key-missing", symptom, {
    title: "the backend gets no Sec-WebSocket-Key for a WebSocket over HTTP/2, and refuses it",
    evidence: [
      ...seen.evidence,
      `with a key of the client's own, which browsers do not send, came back: ${h2AnswerWords(withKey.exchange.answer)}`,
    ],
    otherwise: {
      cause:
        "RFC 8441 has no key, and what stands between makes none for the HTTP/1.1 backend: strict backends answer 400",
      cure: "do not announce WebSockets over HTTP/2: browsers then open them over HTTP/1.1",
    },
  });
}

/** Null where it opens, and carries messages both ways. */
async function refused(
  context: ProbeContext,
  { exchange, backend, evidence }: Seen,
): Promise<Finding | null> {
  const { answer, end } = exchange;
  if (end !== null && (context.backend === null || (await isTalking(end, backend)))) {
    end.destroy();
    return null;
  }
  end?.destroy();
  const how = answer.kind === "answered" ? answer.status : answer.kind === "reset" ? answer.code : null;
  const words = end === null ? `refused (${h2AnswerWords(answer)})` : "opened, and carries no messages";
  const symptom = { kind: "h2-websocket", what: "refused", how, version: context.version } as const;
  return h2Trouble(context, "h2-websocket-refused", symptom, {
    title: `WebSockets over HTTP/2 are announced, and ${words}`,
    evidence: [...evidence, `over HTTP/1.1 came back: ${answerWords(context.opening.client.answer)}`],
    otherwise: {
      cause:
        "what answers HTTP/2 announces what it does not pass on; a browser that has an HTTP/2 connection does not try HTTP/1.1 then",
      cure: "do not announce WebSockets over HTTP/2, or no HTTP/2 for the host that has them",
    },
  });
}

async function isTalking(
  end: NonNullable<H2Exchange["end"]>,
  backend: BackendExchange | null,
): Promise<boolean> {
  const other = backend?.end ?? null;
  if (other === null) return false;
  end.send(opcodes.text, "from the client");
  other.send(opcodes.text, "from the backend");
  const both = await Promise.all(
    [end, other].map((one) => one.until(() => one.find("message") !== undefined, reachMs)),
  );
  return both.every((isHeard) => isHeard);
}
