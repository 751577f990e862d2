/**
 * Messages and control frames through an open WebSocket, both ways: what arrives must be what was sent.
 */
import { type Finding, type FindingId, fault, notTested, ok } from "../../diagnosis/finding.js";
import { opcodes } from "../../websocket/opcode.js";
import type { OpenPair, ProbeContext } from "../probe-context.js";
import type { WebSocketEnd } from "../websocket-end.js";
import { checkFrames } from "./check-frames.js";

const ids = [
  "message-text",
  "message-binary",
  "message-fragmented",
  "message-large",
  "control-frames",
] as const satisfies readonly FindingId[];

/** Why the last WebSocket could not be opened. */
export function noPair({ lastRefusal }: ProbeContext): string {
  const refusal = lastRefusal();
  return `no WebSocket could be opened${refusal === null ? "" : `: ${refusal}`}`;
}

const arrivalMs = 3000;
const largeBytes = 1024 * 1024;

/** One kind of message: how an end sends it, and what has to arrive. */
interface Sending {
  readonly id: (typeof ids)[number];
  readonly what: string;
  readonly bytes: Buffer;
  readonly isBinary: boolean;
  readonly send: (end: WebSocketEnd, bytes: Buffer) => void;
}

const sendings: readonly Sending[] = [
  {
    id: "message-text",
    what: "a text message",
    bytes: Buffer.from("wsrally: grüß dich, 世界 🚀"),
    isBinary: false,
    send: (end, bytes) => end.send(opcodes.text, bytes),
  },
  {
    id: "message-binary",
    what: "a binary message of all 256 byte values",
    bytes: Buffer.from(Array.from({ length: 256 }, (_, value) => value)),
    isBinary: true,
    send: (end, bytes) => end.send(opcodes.binary, bytes),
  },
  {
    id: "message-fragmented",
    what: "a message in three fragments with a ping between",
    bytes: Buffer.from("one two three"),
    isBinary: false,
    send: (end, bytes) => {
      end.send(opcodes.text, bytes.subarray(0, 4), false);
      end.send(opcodes.ping, "between");
      end.send(opcodes.continuation, bytes.subarray(4, 8), false);
      end.send(opcodes.continuation, bytes.subarray(8), true);
    },
  },
  {
    id: "message-large",
    what: "a message of 1 MiB",
    bytes: Buffer.alloc(largeBytes, "wsrally "),
    isBinary: true,
    send: (end, bytes) => end.send(opcodes.binary, bytes),
  },
];

export async function checkMessages(context: ProbeContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const broken: Finding[] = [];
  const look = async (id: FindingId, work: (pair: OpenPair) => Promise<Finding>): Promise<void> => {
    const finding = await withPair(context, id, async (pair) => {
      const found = await work(pair);
      const frames = [
        checkFrames(pair.client, "proxy", "client"),
        checkFrames(pair.backend, "proxy", "backend"),
      ];
      broken.push(...frames.filter(({ status }) => status !== "ok"));
      return found;
    });
    findings.push(finding);
  };
  for (const sending of sendings) await look(sending.id, (pair) => tryMessage(pair, sending));
  await look("control-frames", tryControlFrames);
  const areTested = findings.some(({ status }) => status !== "not-tested");
  const frames = broken[0] ?? (areTested ? ok("frames") : notTested("frames", noPair(context)));
  return [frames, ...findings];
}

/** A connection of its own for every kind: what one breaks must not count for the next. */
async function withPair(
  context: ProbeContext,
  id: FindingId,
  look: (pair: OpenPair) => Promise<Finding>,
): Promise<Finding> {
  const pair = await context.openPair();
  if (pair === null) return notTested(id, noPair(context));
  try {
    return await look(pair);
  } finally {
    pair.client.destroy();
    pair.backend.destroy();
  }
}

async function tryMessage(
  { client, backend }: OpenPair,
  { id, what, bytes, isBinary, send }: Sending,
): Promise<Finding> {
  for (const [from, to, names] of [
    [client, backend, "client to backend"],
    [backend, client, "backend to client"],
  ] as const) {
    send(from, bytes);
    await to.until(() => to.find("message") !== undefined || to.ended() !== null, arrivalMs);
    const arrived = to.find("message");
    if (arrived?.bytes.equals(bytes) && arrived.isBinary === isBinary) continue;
    const seen = arrived === undefined ? endWords(to) : `${arrived.bytes.length} bytes of another content`;
    return fault(id, {
      side: "proxy",
      title: `${what} does not pass, ${names}`,
      evidence: [`sent, ${names}: ${bytes.length} bytes`, `arrived: ${seen}`],
      cause: "what stands between looks into the frames, or ends the connection at this one",
      cure: "look for a filter, a module or another proxy between the two; a proxy by itself passes bytes on unread",
    });
  }
  return ok(id);
}

async function tryControlFrames({ client, backend }: OpenPair): Promise<Finding> {
  client.send(opcodes.ping, "from the client");
  backend.send(opcodes.ping, "from the backend");
  const both = [client, backend];
  await Promise.all(
    both.map((end) =>
      end.until(() => end.find("ping") !== undefined && end.find("pong") !== undefined, arrivalMs),
    ),
  );
  const lost = both.flatMap((end, index) =>
    (["ping", "pong"] as const)
      .filter((kind) => end.find(kind) === undefined)
      .map((kind) => `${index === 0 ? "client" : "backend"} received: no ${kind}`),
  );
  if (lost.length === 0) return ok("control-frames");
  return fault("control-frames", {
    side: "proxy",
    title: "pings or pongs do not pass",
    evidence: ["client and backend each sent a ping and answered the other's", ...lost],
    cause: "what stands between looks into the frames",
    cure: "use heartbeats in messages, or take the filter out",
  });
}

/** How a connection stands, in words. */
export function endWords(end: WebSocketEnd): string {
  const close = end.find("close");
  const ended = end.ended();
  const protocol = end.find("protocol");
  if (protocol !== undefined) return `a broken frame (${protocol.words})`;
  if (close !== undefined)
    return `a close frame, code ${close.code ?? "none"}, reason ${JSON.stringify(close.reason)}`;
  if (ended?.kind === "reset") return `a reset (${ended.words})`;
  return ended === null ? "nothing, and the connection stays open" : "an end without a close frame (1006)";
}
