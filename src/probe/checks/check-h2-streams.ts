/**
 * How many WebSockets an HTTP/2 connection carries: as many as are announced, and a closed one makes room for the next.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, notTested, ok, type Trouble, warning } from "../../diagnosis/finding.js";
import { h2AnswerWords } from "../h2-answer.js";
import type { H2Connection, H2Exchange } from "../h2-client.js";
import type { ProbeContext } from "../probe-context.js";
import { explained } from "./explained-fault.js";

const id = "h2-websocket-stream-limit";

/** RFC 9113 (6.5.2) recommends no fewer; more than that are not tried. */
const usual = 100;
const openMs = 1500;
const waitingMs = 50;

/** @param connection without a WebSocket on it */
export async function checkH2Streams(context: ProbeContext, connection: H2Connection): Promise<Finding> {
  const { streamsMost: most } = connection;
  const limit = [
    `client received: ${most === null ? "no limit on streams" : `MAX_CONCURRENT_STREAMS = ${most}`}`,
  ];
  if (most !== null && most < usual) return fewStreams(context, most, limit);
  if (context.backend === null)
    return ok(id, [...limit, "not tried on a server that is not ours"], "unknown");
  if (context.quick) return ok(id, [...limit, "not tried: --quick"]);
  const room = roomFor(context);
  if (room < usual)
    return notTested(id, `the config has room for no more than ${room} WebSockets: see limits`);
  return fillStreams(context, connection, limit);
}

/** How many WebSockets the config has room for. */
export function roomFor({ facts }: ProbeContext): number {
  const { room = null, connectionLimit = null } = facts ?? {};
  return Math.min(
    room?.oneByOne ?? Number.POSITIVE_INFINITY,
    connectionLimit?.value ?? Number.POSITIVE_INFINITY,
  );
}

function fewStreams(context: ProbeContext, announced: number, evidence: readonly string[]): Finding {
  const { version } = context;
  const symptom = { kind: "h2-websocket", what: "few-streams", announced, version } as const;
  const seen: Pick<Trouble, "title" | "evidence"> = {
    title: `an HTTP/2 connection carries no more than ${announced} WebSockets and requests at once`,
    evidence,
  };
  return warning(
    id,
    explained(context, symptom, {
      ...seen,
      otherwise: {
        cause: `all tabs of a browser share one connection, and each WebSocket holds one of its ${announced} streams for as long as it lives: what comes beyond waits; RFC 9113 (6.5.2) recommends no fewer than ${usual}`,
        cure: `at least ${usual} streams a connection`,
      },
    }),
  );
}

async function fillStreams(
  context: ProbeContext,
  connection: H2Connection,
  limit: readonly string[],
): Promise<Finding> {
  const { streamsMost: announced } = connection;
  const asked = await Promise.all(
    Array.from({ length: usual }, () => connection.webSocket({ timeoutMs: openMs })),
  );
  const open = asked.flatMap(({ end }) => (end === null ? [] : [end]));
  const failed = asked.find(({ end }) => end === null);
  const evidence = [...limit, `${usual} asked for on one connection: ${open.length} opened`];
  if (failed !== undefined) return streamsEnd(context, connection, { opened: open.length, failed, evidence });
  if (announced !== usual) return ok(id, evidence);
  const next = connection.webSocket({ timeoutMs: openMs });
  const early = await Promise.race([next, sleep(waitingMs, null)]);
  open[0]?.destroy();
  const later = await next;
  if (later.end !== null)
    return ok(id, [
      ...evidence,
      early === null
        ? "the next waited in the client, as it has to, and opened when another was closed"
        : "the next opened at once",
    ]);
  return streamsEnd(context, connection, {
    opened: open.length,
    failed: later,
    evidence: [...evidence, "one of them was closed, to make room for another"],
  });
}

interface Ended {
  readonly opened: number;
  readonly failed: H2Exchange;
  readonly evidence: readonly string[];
}

async function streamsEnd(
  context: ProbeContext,
  connection: H2Connection,
  { opened, failed, evidence }: Ended,
): Promise<Finding> {
  const page = await connection.page();
  const { version } = context;
  const announced = connection.streamsMost;
  const symptom = { kind: "h2-websocket", what: "streams-end", announced, opened, version } as const;
  return warning(
    id,
    explained(context, symptom, {
      title: `an HTTP/2 connection carries ${opened} WebSockets, and announces ${announced === null ? "no limit" : `${announced} streams`}`,
      evidence: [
        ...evidence,
        `the next got: ${h2AnswerWords(failed.answer)}`,
        `a page on the same connection meanwhile: ${h2AnswerWords(page)}`,
      ],
      otherwise: {
        cause: "a limit that clients are not told of: what comes beyond it waits, or is refused",
        cure: "see the proxy's log, and its limits on streams, requests and upstream connections",
      },
    }),
  );
}
