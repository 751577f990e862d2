/** A client and an echo server made of nothing but src/websocket and plain sockets, to face ws and node:http. */
import { connect, createServer, type Socket } from "node:net";
import { acceptFor, createKey } from "#wsrally/websocket/accept-key.js";
import { buildClosePayload } from "#wsrally/websocket/close-payload.js";
import { FrameDecoder } from "#wsrally/websocket/frame-decoder.js";
import { FrameEncoder, frameLength } from "#wsrally/websocket/frame-encoder.js";
import type { FrameSink } from "#wsrally/websocket/frame-sink.js";
import { type Opcode, opcodes } from "#wsrally/websocket/opcode.js";
import type { Role } from "#wsrally/websocket/role.js";
import { buildAccept, buildPage } from "#wsrally/websocket/server-response.js";
import { createUpgradeRequest } from "#wsrally/websocket/upgrade-request.js";
import { type RequestReading, UpgradeRequestReader } from "#wsrally/websocket/upgrade-request-reader.js";
import { type UpgradeOutcome, UpgradeResponseReader } from "#wsrally/websocket/upgrade-response-reader.js";

const messageBytesMax = 1 << 24;
const contentType = "text/plain; charset=utf-8";

export interface ClientRun {
  readonly outcome: UpgradeOutcome;
  /** `text hello`, `binary 0102` (hex), `close 1000 reason`. */
  readonly received: readonly string[];
}

export interface ClientOptions {
  readonly port: number;
  readonly subprotocols: readonly string[];
  /** Sent once the upgrade is accepted; a close frame follows when as many messages have come back. */
  readonly messages: readonly (string | Buffer)[];
}

function frame(role: Role, opcode: Opcode, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(frameLength(role, payload.length));
  new FrameEncoder(role, bytes).write(0, opcode, payload);
  return bytes;
}

/** Opens, exchanges, closes; resolves when the connection has ended. */
export function runClient({ port, subprotocols, messages }: ClientOptions): Promise<ClientRun> {
  const socket = connect({ port, host: "127.0.0.1" });
  const received: string[] = [];
  const key = createKey();
  const reader = new UpgradeResponseReader({ accept: acceptFor(key), subprotocols });
  let outcome: UpgradeOutcome = { kind: "incomplete" };
  const sink: FrameSink = {
    message: (_connection, buffer, start, end, isBinary) => {
      received.push(
        isBinary
          ? `binary ${buffer.toString("hex", start, end)}`
          : `text ${buffer.toString("utf8", start, end)}`,
      );
      if (received.length === messages.length) {
        socket.write(frame("client", opcodes.close, buildClosePayload(1000, "done")));
      }
    },
    ping: (_connection, buffer, start, end) => {
      socket.write(frame("client", opcodes.pong, buffer.subarray(start, end)));
    },
    pong: () => received.push("pong"),
    close: (_connection, code, reason) => received.push(`close ${code} ${reason}`),
  };
  const decoder = new FrameDecoder({ sender: "server", messageBytesMax, textCheck: "utf8", sink });
  socket.on("data", (data) => {
    let at = 0;
    if (outcome.kind === "incomplete") {
      outcome = reader.read(data, 0, data.length);
      if (outcome.kind === "incomplete") return;
      if (outcome.kind !== "accepted") return void socket.destroy();
      at = outcome.framesAt;
      for (const message of messages) {
        const opcode = typeof message === "string" ? opcodes.text : opcodes.binary;
        socket.write(frame("client", opcode, Buffer.from(message)));
      }
    }
    const fault = decoder.read(0, data, at, data.length);
    if (fault !== null) received.push(`fault ${fault.code}`);
  });
  const request = createUpgradeRequest({
    path: "/sock",
    host: `127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    subprotocols,
    extraFields: [],
  });
  socket.write(request(key));
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", () => resolve({ outcome, received }));
  });
}

export interface ByteServer {
  readonly port: number;
  readonly requests: readonly RequestReading[];
  readonly received: readonly string[];
  close(): Promise<void>;
}

/** Echoes messages, answers pings and closes, serves a home page. Every byte is given to its readers alone. */
export async function startByteServer(): Promise<ByteServer> {
  const requests: RequestReading[] = [];
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, requests, received);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    requests,
    received,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function serve(socket: Socket, requests: RequestReading[], received: string[]): void {
  const reader = new UpgradeRequestReader();
  const decoder = echoDecoder(socket, received);
  let isOpen = false;
  socket.on("error", () => socket.destroy());
  socket.on("data", (data) => {
    for (let at = 0; at < data.length; at++) {
      if (isOpen) {
        const fault = decoder.read(0, data, at, at + 1);
        if (fault === null) continue;
        return void socket.end(
          frame("server", opcodes.close, buildClosePayload(fault.closeCode, fault.detail)),
        );
      }
      const reading = reader.read(data, at, at + 1);
      if (reading.kind === "incomplete") continue;
      requests.push(reading);
      const answer = answerTo(reading);
      isOpen = reading.kind === "upgrade";
      if (!isOpen) return void socket.end(answer);
      socket.write(answer);
    }
  });
}

function answerTo(reading: RequestReading): Buffer {
  if (reading.kind === "upgrade") {
    return buildAccept({ key: reading.key, subprotocol: reading.subprotocols[0] ?? null });
  }
  if (reading.kind === "plain" && reading.request.path === "/") {
    return buildPage({ status: 200, contentType, body: "Home, süß." });
  }
  if (reading.kind === "refused")
    return buildPage({ status: reading.status, contentType, body: reading.code });
  return buildPage({ status: 404, contentType, body: "Not found." });
}

function echoDecoder(socket: Socket, received: string[]): FrameDecoder {
  const send = (opcode: Opcode, payload: Buffer) => socket.write(frame("server", opcode, payload));
  return new FrameDecoder({
    sender: "client",
    messageBytesMax,
    textCheck: "utf8",
    sink: {
      message: (_connection, buffer, start, end, isBinary) => {
        send(isBinary ? opcodes.binary : opcodes.text, buffer.subarray(start, end));
      },
      ping: (_connection, buffer, start, end) => send(opcodes.pong, buffer.subarray(start, end)),
      pong: () => received.push("pong"),
      close: (_connection, code, reason) => {
        received.push(`close ${code} ${reason}`);
        socket.end(frame("server", opcodes.close, buildClosePayload(code)));
      },
    },
  });
}
