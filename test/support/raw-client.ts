/**
 * A WebSocket client that sends bytes as it is told, right or wrong, and keeps all that comes.
 */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createKey } from "#wsrally/websocket/accept-key.js";
import { FrameEncoder, frameLength } from "#wsrally/websocket/frame-encoder.js";
import { type Opcode, opcodes } from "#wsrally/websocket/opcode.js";

/** One masked frame. */
export function clientFrame(opcode: Opcode, payload: Buffer | string): Buffer {
  const bytes = Buffer.from(payload);
  const frame = Buffer.alloc(frameLength("client", bytes.length));
  new FrameEncoder("client", frame).write(0, opcode, bytes);
  return frame;
}

/** As `clientFrame`, but not the last of its message. */
export function clientFragment(opcode: Opcode, payload: Buffer | string): Buffer {
  const frame = clientFrame(opcode, payload);
  frame[0] = opcode;
  return frame;
}

/** One frame as the server sends it. */
export function serverFrame(opcode: Opcode, payload: Buffer | string): Buffer {
  const bytes = Buffer.from(payload);
  const frame = Buffer.alloc(frameLength("server", bytes.length));
  new FrameEncoder("server", frame).write(0, opcode, bytes);
  return frame;
}

export const ping: Buffer = clientFrame(opcodes.text, "ping");
export const pong: Buffer = serverFrame(opcodes.text, "pong");

export function upgradeRequest(path = "/sock"): string {
  const key = createKey();
  return `GET ${path} HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
}

export class RawClient {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  hasEnded = false;
  /** The code of the error that ended the stream, if one did. */
  error: string | null = null;

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    this.socket.on("data", (data) => {
      this.received = Buffer.concat([this.received, data]);
    });
    this.socket.on("end", () => {
      this.hasEnded = true;
    });
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      this.error = error.code ?? error.message;
      this.hasEnded = true;
    });
  }

  /** Opens a WebSocket; what comes behind the handshake is in `received`. */
  static async open(port: number): Promise<RawClient> {
    const client = new RawClient(port);
    client.send(upgradeRequest());
    await client.until(() => client.received.includes("\r\n\r\n"));
    const head = client.received.indexOf("\r\n\r\n") + 4;
    if (!client.received.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101"))) {
      throw new Error(client.received.toString("latin1"));
    }
    client.received = client.received.subarray(head);
    return client;
  }

  send(bytes: Buffer | string): void {
    this.socket.write(bytes);
  }

  /** Waits until this holds, without a limit: the test's own is enough. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(1);
  }

  async end(): Promise<void> {
    await this.until(() => this.hasEnded);
  }

  /** Waits until as many bytes are there, and takes them. */
  async take(length: number): Promise<Buffer> {
    await this.until(() => this.received.length >= length || this.hasEnded);
    const taken = this.received.subarray(0, length);
    this.received = this.received.subarray(length);
    return taken;
  }

  close(): void {
    this.socket.destroy();
  }
}
