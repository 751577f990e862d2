/** Large messages at the decoder, both pong servers and every engine: in fragments and in reads of many sizes. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { until } from "../../linux/support/linux-only.js";
import { engines } from "../../support/engines.js";
import { RawClient } from "../../support/raw-client.js";
import { pongEngines, withPongServer } from "../../support/with-pong-server.js";
import { decodeStream } from "../../websocket/support/decode-stream.js";
import { answersIn, answersTo } from "./answers.js";
import { binary, close, contentOf, fragments, type Seen, text } from "./case.js";
import { CaseServer } from "./case-server.js";
import { EngineClient } from "./engine-client.js";
import { writeFrames } from "./wire.js";

export const kibibyte = 1024;
export const mebibyte = 1024 * kibibyte;

export interface LargeMessage {
  readonly kind: "text" | "binary";
  readonly bytes: number;
  /** As large as the message for one that is whole. */
  readonly fragmentBytes: number;
  /** What is sent at once; null for all of it. */
  readonly chopBytes: number | null;
}

const closeBytes = 4;
const maskBytes = 4;
/** Every other fragment ends within a character, whatever a fragment's length. */
const pattern = Buffer.from("Grüße: κόσμε, 水, 👋; ");
const readBytes = 64 * kibibyte;

function nameOf({ kind, bytes, fragmentBytes, chopBytes }: LargeMessage): string {
  const pieces = fragmentBytes >= bytes ? "" : ` in fragments of ${sizeOf(fragmentBytes)}`;
  return `${kind} of ${sizeOf(bytes)}${pieces}${chopBytes === null ? "" : `, sent by ${sizeOf(chopBytes)}`}`;
}

function sizeOf(bytes: number): string {
  if (bytes % mebibyte === 0) return `${bytes / mebibyte} MiB`;
  return bytes % kibibyte === 0 ? `${bytes / kibibyte} KiB` : `${bytes} bytes`;
}

function payloadOf({ bytes }: LargeMessage): Buffer {
  const payload = Buffer.alloc(bytes, pattern);
  // Filled up with what is text as well, where the pattern was cut.
  payload.fill("=", bytes - (bytes % pattern.length));
  return payload;
}

/** The message alone: the close frame that ends it all comes when it is back, or behind it. */
function streamOf(message: LargeMessage, masks: boolean): Buffer {
  const payload = payloadOf(message);
  const parts = Array.from({ length: Math.ceil(message.bytes / message.fragmentBytes) }, (_, index) =>
    payload.subarray(index * message.fragmentBytes, (index + 1) * message.fragmentBytes),
  );
  return writeFrames(fragments(message.kind === "text" ? text : binary, parts), masks);
}

function seenOf(message: LargeMessage): Seen {
  return [message.kind, contentOf(payloadOf(message))];
}

function frameBytes(payloadBytes: number, isMasked: boolean): number {
  return (
    (payloadBytes <= 125 ? 2 : payloadBytes <= 0xffff ? 4 : 10) + (isMasked ? maskBytes : 0) + payloadBytes
  );
}

async function sendBy(socket: Socket, stream: Buffer, chopBytes: number | null): Promise<void> {
  const size = chopBytes ?? stream.length;
  for (let at = 0; at < stream.length; at += size) {
    if (!socket.write(stream.subarray(at, at + size))) await once(socket, "drain");
    else await turn();
  }
}

/** Puts what comes on a socket together once, and not anew with every read. */
function collect(socket: Socket): { bytes(): Buffer; length: number } {
  const chunks: Buffer[] = [];
  const collected = { bytes: () => Buffer.concat(chunks), length: 0 };
  socket.removeAllListeners("data");
  socket.on("data", (data) => {
    chunks.push(data);
    collected.length += data.length;
  });
  return collected;
}

function decodes(message: LargeMessage): void {
  const { chopBytes } = message;
  const size = chopBytes ?? readBytes;
  for (const sender of ["client", "server"] as const) {
    const masks = sender === "client";
    const stream = Buffer.concat([streamOf(message, masks), writeFrames([close(1000)], masks)]);
    const reads = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
      stream.subarray(index * size, (index + 1) * size),
    );
    const { events, closeCode } = decodeStream(reads, { sender, messageBytesMax: message.bytes });
    const seen = events.map(([kind, content]) =>
      kind === "close" ? [kind, content] : [kind, contentOf(Buffer.from(content, "hex"))],
    );
    assert.deepEqual([seen, closeCode], [[seenOf(message), ["close", "1000 "]], null]);
  }
}

async function isEchoed(engine: (typeof pongEngines)[number], message: LargeMessage): Promise<void> {
  await withPongServer({ engine }, async ({ port }) => {
    const client = await RawClient.open(port);
    const collected = collect(client.socket);
    await sendBy(client.socket, streamOf(message, true), message.chopBytes);
    client.send(writeFrames([close(1000)], true));
    await client.end();
    client.close();
    assert.equal(collected.length, frameBytes(message.bytes, false) + closeBytes);
    assert.deepEqual(answersIn(collected.bytes(), false), answersTo([seenOf(message)], 1000));
  });
}

async function isTaken(name: (typeof engines)[number], message: LargeMessage): Promise<void> {
  const server = await CaseServer.start();
  const client = new EngineClient(name, server.port);
  try {
    let collected: ReturnType<typeof collect> | null = null;
    const echoBytes = frameBytes(message.bytes, true);
    server.serve = async ({ socket }) => {
      const incoming = collect(socket);
      collected = incoming;
      await sendBy(socket, streamOf(message, false), message.chopBytes);
      // To a client the connection is over with a close frame, whatever it still had to send.
      await until(() => incoming.length >= echoBytes);
      socket.write(writeFrames([close(1000)], false));
      await until(() => incoming.length >= echoBytes + closeBytes + maskBytes);
      socket.end();
    };
    client.open();
    await until(() => client.fault !== null && server.connection?.hasEnded === true);
    assert.deepEqual([client.messages, client.fault?.code], [[seenOf(message)], 1000]);
    const answers = (collected as ReturnType<typeof collect> | null)?.bytes() ?? Buffer.alloc(0);
    assert.deepEqual(answersIn(answers, true), answersTo([seenOf(message)], 1000));
  } finally {
    client.engine.destroy();
    await server.close();
  }
}

/** Registers the tests of these messages, at every end. */
export function testLargeMessages(messages: readonly LargeMessage[]): void {
  describe("RFC 6455, 5.4: large messages at the decoder", () => {
    for (const message of messages) it(nameOf(message), () => decodes(message));
  });
  for (const engine of pongEngines) {
    describe(`RFC 6455, 5.4: large messages at the ${engine} pong server`, () => {
      for (const message of messages) it(nameOf(message), () => isEchoed(engine, message));
    });
  }
  for (const engine of engines) {
    describe(`RFC 6455, 5.4: large messages at the ${engine} engine`, () => {
      for (const message of messages) it(nameOf(message), () => isTaken(engine, message));
    });
  }
}
