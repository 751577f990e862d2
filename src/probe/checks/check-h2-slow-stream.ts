/**
 * One WebSocket among a hundred of an HTTP/2 connection whose reader does not read, while the other end sends: its window
 * shuts, and what does not fit stays with the sender. The others have windows of their own, and must not wait for it.
 */
import { type Finding, note, notTested, ok, warning } from "../../diagnosis/finding.js";
import { opcodes } from "../../websocket/opcode.js";
import { type H2Connection, openH2 } from "../h2-client.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import type { WebSocketEnd } from "../websocket-end.js";
import { roomFor } from "./check-h2-streams.js";
import { explained } from "./explained-fault.js";
import { plainWords } from "./h2-trouble.js";
import { pushUntilStalled } from "./push-until-stalled.js";

const id = "h2-websocket-slow-stream";

const most = 100;
/** Of a ping on each of the others. */
const rounds = 10;
const answerMs = 2000;
const reachMs = 1000;

const readers = ["client", "backend"] as const;

/**
 * To be asked only where WebSockets over HTTP/2 open.
 * @param streamsMost as announced; null for no limit
 */
export async function checkH2SlowStream(context: ProbeContext, streamsMost: number | null): Promise<Finding> {
  if (context.backend === null) return notTested(id, "only the client's end is seen");
  if (context.quick) return notTested(id, "left out by --quick");
  const room = roomFor(context);
  if (room < most)
    return notTested(id, `the config has room for no more than ${room} WebSockets: see limits`);
  const count = Math.min(most, streamsMost ?? most);
  const looks: Look[] = [];
  for (const reader of readers) {
    const look = await lookAt(context, reader, count);
    await context.settle();
    if (look === null) return notTested(id, "no two WebSockets open on one connection");
    looks.push(look);
  }
  const evidence = looks.map(lookWords);
  const held = looks.find(({ during }) => during.unanswered > 0);
  if (held === undefined) return ok(id, evidence);
  return judge(context, held.reader, evidence);
}

function judge(context: ProbeContext, reader: Look["reader"], evidence: readonly string[]): Finding {
  const symptom = { kind: "h2-websocket", what: "slow-stream", reader, version: context.version } as const;
  const trouble = explained(context, symptom, {
    title: `a ${reader} that does not read one WebSocket holds up all others of its HTTP/2 connection`,
    evidence,
    otherwise: {
      cause:
        "what stands between takes more of one stream than it passes on, until it has no room for the other streams of the connection",
      cure: "HTTP/1.1 on that side, a connection for each WebSocket",
    },
  });
  // What the backend sends waits on a connection that all clients share.
  if (context.target.tls || reader === "client") return warning(id, trouble);
  const { title, cause } = trouble;
  return note(id, { title, evidence: [...evidence, plainWords], cause });
}

interface RoundTrips {
  /** In ms, ascending. */
  readonly times: readonly number[];
  readonly unanswered: number;
}

interface Look {
  readonly reader: (typeof readers)[number];
  readonly webSockets: number;
  readonly sentBytes: number;
  readonly before: RoundTrips;
  readonly during: RoundTrips;
}

/** @returns null where no two can be opened */
async function lookAt(context: ProbeContext, reader: Look["reader"], count: number): Promise<Look | null> {
  const opened = await openH2(context.target);
  if ("words" in opened) return null;
  const { connection } = opened;
  const pairs = await openPairs(context, connection, count);
  try {
    const [slow, ...others] = pairs;
    if (slow === undefined || others.length === 0) return null;
    const clients = others.map(({ client }) => client);
    const before = await roundTrips(clients);
    slow[reader].socket.pause();
    const sentBytes = await pushUntilStalled(reader === "client" ? slow.backend : slow.client);
    return { reader, webSockets: others.length + 1, sentBytes, before, during: await roundTrips(clients) };
  } finally {
    connection.destroy();
    // Who is not read does not hear of that.
    for (const { backend } of pairs) backend.destroy();
  }
}

/** As many as open. */
async function openPairs(
  { backend }: ProbeContext,
  connection: H2Connection,
  count: number,
): Promise<OpenPair[]> {
  const pairs: OpenPair[] = [];
  while (pairs.length < count) {
    const before = backend?.exchanges.length ?? 0;
    const { end: client } = await connection.webSocket();
    const other = client && (await backend?.after(before, reachMs))?.end;
    if (!client || !other) break;
    pairs.push({ client, backend: other });
  }
  return pairs;
}

/** All at once, and again; no more of them once one is not answered. */
async function roundTrips(clients: readonly WebSocketEnd[]): Promise<RoundTrips> {
  const times: number[] = [];
  let unanswered = 0;
  for (let round = 0; round < rounds && unanswered === 0; round++)
    await Promise.all(
      clients.map(async (client) => {
        const pongs = client.count("pong");
        const startMs = performance.now();
        client.send(opcodes.ping, "there?");
        const isAnswered = await client.until(() => client.count("pong") > pongs, answerMs);
        if (isAnswered) times.push(performance.now() - startMs);
        else unanswered++;
      }),
    );
  return { times: times.sort((a, b) => a - b), unanswered };
}

function lookWords({ reader, webSockets, sentBytes, before, during }: Look): string {
  const meanwhile =
    during.unanswered > 0
      ? `${during.unanswered} had no answer in ${answerMs / 1000} s meanwhile`
      : `p99 ${p99(during)} meanwhile`;
  const sent = `${(sentBytes / 2 ** 20).toFixed(1)} MiB`;
  return `of ${webSockets} WebSockets on one connection the ${reader} stopped reading one, which was held back after ${sent}; pings on the others: p99 ${p99(before)} before, ${meanwhile}`;
}

function p99({ times }: RoundTrips): string {
  return `${(times[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN).toFixed(1)} ms`;
}
