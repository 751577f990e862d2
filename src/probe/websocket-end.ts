/**
 * One end of an open WebSocket, client's or backend's: sends any frame, and keeps what came with the time it came.
 * Made for a handful of connections that are looked at closely, not for load.
 */
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { codeOf, messageOf } from "../base/errors.js";
import { buildClosePayload } from "../websocket/close-payload.js";
import { FrameDecoder } from "../websocket/frame-decoder.js";
import { FrameEncoder, frameLength } from "../websocket/frame-encoder.js";
import { type FrameFault, frameFaults } from "../websocket/frame-fault.js";
import { type Opcode, opcodes } from "../websocket/opcode.js";
import type { Role } from "../websocket/role.js";
import { EndDiary, type EndEvent, type EventKind } from "./end-diary.js";
import type { ProbeTally } from "./probe-tally.js";

/** What an end does by itself with what comes. */
export interface EndHabits {
  readonly echoes: boolean;
  readonly answersPings: boolean;
  /** Sends a close frame back and ends the connection. */
  readonly answersClose: boolean;
  /** Answers a FIN with its own. */
  readonly endsOnEof: boolean;
}

export const quietHabits: EndHabits = {
  echoes: false,
  answersPings: true,
  answersClose: true,
  endsOnEof: true,
};

interface EndSettings {
  readonly role: Role;
  readonly habits: EndHabits;
  /** Bytes of frames that came with the handshake. */
  readonly head: Buffer;
  /** The TCP connection below a TLS one. */
  readonly transport?: Socket | null;
  /** Of a client: what it sends is counted there. */
  readonly tally?: ProbeTally | null;
}

const messageBytesMax = 64 * 1024 * 1024;

/** Messages and control frames, after which nothing more of a peer is read: nobody asked for so many. */
const floodCount = 100_000;
/** Each answer to a ping costs a system call; who sends more of them than this is no heart that beats. */
const pingsAnswered = 1000;
const firstBytesKept = 16;

export class WebSocketEnd {
  /** A TCP or TLS connection, or a stream of an HTTP/2 one. */
  readonly socket: Duplex;
  habits: EndHabits;
  /** Payload bytes of messages, which slow readers are measured by. */
  messageBytes = 0;
  /** False where only the count of bytes matters. */
  keepsMessages = true;
  /** Bytes of frames, and the first of them. */
  receivedBytes = 0;
  firstBytes = Buffer.alloc(0);
  readonly #diary = new EndDiary();
  readonly #role: Role;
  readonly #transport: Socket | null;
  readonly #tally: ProbeTally | null;
  readonly #decoder: FrameDecoder;
  readonly #waiting = new Set<() => void>();

  constructor(socket: Duplex, { role, habits, head, transport = null, tally = null }: EndSettings) {
    this.socket = socket;
    this.habits = habits;
    this.#role = role;
    this.#transport = transport;
    this.#tally = tally;
    const note = (event: EndEvent): void => this.#diary.note(event);
    this.#decoder = new FrameDecoder({
      sender: role === "client" ? "server" : "client",
      messageBytesMax,
      textCheck: "utf8",
      sink: {
        message: (_, buffer, start, end, isBinary) => this.#onMessage(buffer.subarray(start, end), isBinary),
        ping: (_, buffer, start, end) => {
          const bytes = Buffer.from(buffer.subarray(start, end));
          if (this.habits.answersPings && this.count("ping") < pingsAnswered) this.send(opcodes.pong, bytes);
          note({ kind: "ping", atMs: performance.now(), bytes });
        },
        pong: (_, buffer, start, end) =>
          note({ kind: "pong", atMs: performance.now(), bytes: Buffer.from(buffer.subarray(start, end)) }),
        close: (_, code, reason) => {
          note({ kind: "close", atMs: performance.now(), code, reason });
          if (!this.habits.answersClose) return;
          this.send(opcodes.close, buildClosePayload(code));
          this.socket.end();
        },
      },
    });
    socket.on("data", (data: Buffer) => this.#read(data));
    socket.on("end", () => {
      note({ kind: "eof", atMs: performance.now() });
      if (this.habits.endsOnEof) socket.end();
      this.#look();
    });
    socket.on("error", (error) => {
      note({ kind: "reset", atMs: performance.now(), words: codeOf(error) ?? messageOf(error) });
      this.#look();
    });
    if (head.length > 0) this.#read(Buffer.from(head));
  }

  /** Sends a frame, or with `isFinal` false the first part of a fragmented message. @returns as a socket's write */
  send(opcode: Opcode, payload: Buffer | string = Buffer.alloc(0), isFinal = true): boolean {
    const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
    const frame = Buffer.alloc(frameLength(this.#role, bytes.length));
    new FrameEncoder(this.#role, frame).write(0, opcode, bytes);
    if (!isFinal) frame[0] = (frame[0] as number) & 0x7f;
    if (!this.socket.writable) return false;
    const isMessage = opcode === opcodes.text || opcode === opcodes.binary;
    if (this.#tally !== null && isMessage) this.#tally.messages++;
    return this.socket.write(frame);
  }

  close(code: number | null, reason = ""): void {
    this.send(opcodes.close, buildClosePayload(code, reason));
  }

  /** What came, or the first of it where that was much. */
  get events(): readonly EndEvent[] {
    return this.#diary.events;
  }

  /** Whether more came than is read. */
  get isFlooded(): boolean {
    return this.count("message") + this.count("ping") + this.count("pong") >= floodCount;
  }

  /** How the connection stands: the first event that ended it, or null. */
  ended(): EndEvent | null {
    return this.find("eof") ?? this.find("reset") ?? null;
  }

  find<Kind extends EventKind>(kind: Kind): Extract<EndEvent, { kind: Kind }> | undefined {
    return this.#diary.find(kind);
  }

  count(kind: EventKind): number {
    return this.#diary.count(kind);
  }

  /** Waits until it holds, or the time is over. @returns whether it holds */
  until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (result: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(result);
      };
      const look = (): void => {
        if (holds()) finish(true);
      };
      const timer = setTimeout(() => finish(holds()), timeoutMs);
      this.#waiting.add(look);
    });
  }

  /** Ends the connection by a TCP reset. */
  reset(): void {
    // Under TLS it is the connection below that can be reset.
    const transport = this.#transport ?? this.socket;
    if (transport instanceof Socket) transport.resetAndDestroy();
    this.socket.destroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  #read(data: Buffer): void {
    if (this.isFlooded) return;
    this.receivedBytes += data.length;
    // Kept before it is read: what is masked is unmasked in its place.
    if (this.firstBytes.length < firstBytesKept)
      this.firstBytes = Buffer.concat([this.firstBytes, data]).subarray(0, firstBytesKept);
    const fault = this.#decoder.read(0, data, 0, data.length);
    if (fault !== null)
      this.#diary.note({ kind: "protocol", atMs: performance.now(), words: wordsOf(fault) });
    if (this.isFlooded) this.socket.pause();
    this.#look();
  }

  #onMessage(bytes: Buffer, isBinary: boolean): void {
    this.messageBytes += bytes.length;
    const kept = this.keepsMessages ? Buffer.from(bytes) : Buffer.alloc(0);
    if (this.habits.echoes) this.send(isBinary ? opcodes.binary : opcodes.text, Buffer.from(bytes));
    if (this.keepsMessages)
      this.#diary.note({ kind: "message", atMs: performance.now(), bytes: kept, isBinary });
  }

  /** Once a read, whatever came in it. */
  #look(): void {
    for (const look of [...this.#waiting]) look();
  }
}

function wordsOf(fault: FrameFault): string {
  if (fault !== frameFaults.messageTooLong) return fault.detail;
  return `a message of more than ${messageBytesMax >> 20} MiB is announced, or came in parts`;
}
