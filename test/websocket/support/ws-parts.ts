/**
 * The `ws` package's own frame reader and writer, which it exports and its types leave out; here as functions that
 * tell what came out and with which close code it gave up.
 */
import assert from "node:assert/strict";
import type { EventEmitter } from "node:events";
import * as ws from "ws";
import { codeOf } from "#wsrally/base/errors.js";
import type { Role } from "#wsrally/websocket/role.js";
import { closeCodeOfWsError } from "#wsrally/websocket/ws-limits.js";
import type { DecodedEvent, Decoding } from "./decode-stream.js";

interface FrameOptions {
  readonly fin: boolean;
  readonly opcode: number;
  readonly mask: boolean;
  readonly readOnly: boolean;
}

interface WsReceiver extends EventEmitter {
  _write(chunk: Buffer, encoding: string, callback: (error?: Error) => void): void;
}

interface WsParts {
  readonly Receiver: new (options: {
    readonly isServer: boolean;
    readonly maxPayload: number;
    readonly skipUTF8Validation: boolean;
  }) => WsReceiver;
  readonly Sender: { frame(data: Buffer, options: FrameOptions): Buffer[] };
}

const parts = ws as unknown as WsParts;

/** One frame as `ws` would send it. */
export function frameByWs(payload: Buffer, { fin, opcode, mask }: Omit<FrameOptions, "readOnly">): Buffer {
  return Buffer.concat(parts.Sender.frame(payload, { fin, opcode, mask, readOnly: true }));
}

export function decodeByWs(chunks: readonly Buffer[], sender: Role, messageBytesMax: number): Decoding {
  const receiver = new parts.Receiver({
    isServer: sender === "client",
    maxPayload: messageBytesMax,
    skipUTF8Validation: false,
  });
  const events: DecodedEvent[] = [];
  let closeCode: number | null = null;
  let isOver = false;
  receiver.on("message", (data: Buffer, isBinary: boolean) => {
    events.push([isBinary ? "binary" : "text", data.toString("hex")]);
  });
  receiver.on("ping", (data: Buffer) => events.push(["ping", data.toString("hex")]));
  receiver.on("pong", (data: Buffer) => events.push(["pong", data.toString("hex")]));
  receiver.on("conclude", (code: number, reason: Buffer) => {
    isOver = true;
    events.push(["close", `${code === 1005 ? null : code} ${reason}`]);
  });
  for (const chunk of chunks) {
    if (isOver) break;
    // It unmasks in place.
    receiver._write(Buffer.from(chunk), "buffer", (error) => {
      if (error === undefined || error === null) return;
      isOver = true;
      closeCode = closeCodeOf(error);
      assert.equal(closeCodeOfWsError(codeOf(error)), closeCode, codeOf(error));
    });
  }
  return { events, closeCode, faultCode: null };
}

/** `ws` keeps the close code under a symbol of its own. */
function closeCodeOf(error: Error): number {
  const key = Object.getOwnPropertySymbols(error).find(({ description }) => description === "status-code");
  return key === undefined ? 0 : Number(Reflect.get(error, key));
}
