/**
 * What the epoll server answers to what came on its open connections, and when.
 */
import { monotonicClock } from "../base/clock.js";
import { LatencyRecorder } from "../base/latency-recorder.js";
import { isStamped, writeStamps } from "../base/stamped-message.js";
import { buildClosePayload } from "../websocket/close-payload.js";
import type { FrameFault } from "../websocket/frame-fault.js";
import type { FrameSink } from "../websocket/frame-sink.js";
import { type Opcode, opcodes } from "../websocket/opcode.js";
import type { Connection } from "./connection.js";
import type { Connections } from "./connections.js";
import type { DelayLine } from "./delay-line.js";
import type { Ending } from "./fault-plan.js";
import type { Input } from "./input.js";
import type { Output } from "./output.js";

export interface AnswersSettings {
  readonly connections: Connections;
  readonly output: Output;
  /** Null answers at once. */
  readonly delays: DelayLine | null;
  readonly ending: Ending | null;
  /** Where the messages' stamps come from, if the answers are timed. */
  readonly stamped: Input | null;
}

const pingWord = 0x70696e67;
const pong = Buffer.from("pong");

/** Changes a connection's phase only: whoever called lets the rest follow. */
export class Answers implements FrameSink {
  messagesReceived = 0;
  messagesSent = 0;
  /** From the kernel's receipt of a message until its answer is written. */
  times = new LatencyRecorder();
  readonly #settings: AnswersSettings;

  constructor(settings: AnswersSettings) {
    this.#settings = settings;
  }

  opened(connection: Connection): void {
    if (this.#settings.ending?.after === 0) this.#endAs(connection, this.#settings.ending);
  }

  message(fd: number, data: Buffer, start: number, end: number, isBinary: boolean): void {
    const connection = this.#listener(fd);
    if (connection === null) return;
    this.messagesReceived++;
    if (connection.isStalled) return;
    if (!isBinary && end - start === 4 && data.readUInt32BE(start) === pingWord) {
      this.#answer(connection, opcodes.text, pong, 0, pong.length);
    } else {
      this.#answer(connection, isBinary ? opcodes.binary : opcodes.text, data, start, end);
    }
  }

  ping(fd: number, data: Buffer, start: number, end: number): void {
    const connection = this.#listener(fd);
    if (connection === null || connection.isStalled) return;
    this.#settings.output.frame(connection, opcodes.pong, data, start, end);
  }

  pong(): void {
    // Nobody asked; it needs no answer (RFC 6455, 5.5.3).
  }

  close(fd: number, code: number | null): void {
    const connection = this.#listener(fd);
    if (connection === null || connection.isStalled) return;
    this.#behindHeld(connection, () => this.#sendClose(connection, code));
  }

  /** The peer has broken the protocol. */
  fault(connection: Connection, { closeCode }: FrameFault): void {
    if (connection.phase === "open")
      this.#behindHeld(connection, () => this.#sendClose(connection, closeCode));
  }

  /** The peer's stream has ended without a close frame. */
  peerEnded(connection: Connection): void {
    this.#behindHeld(connection, () => {
      connection.phase = "ending";
    });
  }

  /** The connection, while it is to be listened to. */
  #listener(fd: number): Connection | null {
    const connection = this.#settings.connections.at(fd);
    return connection?.phase === "open" ? connection : null;
  }

  #answer(connection: Connection, opcode: Opcode, payload: Buffer, start: number, end: number): void {
    const { delays, stamped } = this.#settings;
    const stampNs = stamped === null ? Number.NaN : stamped.stampNs;
    if (delays === null) {
      this.#send(connection, opcode, payload, start, end, stampNs);
      return;
    }
    const kept = Buffer.from(payload.subarray(start, end));
    delays.hold(connection, kept.length, () => {
      if (connection.phase === "open" && !connection.isStalled) {
        this.#send(connection, opcode, kept, 0, kept.length, stampNs);
      }
    });
  }

  #send(
    connection: Connection,
    opcode: Opcode,
    payload: Buffer,
    start: number,
    end: number,
    stampNs: number,
  ): void {
    this.messagesSent++;
    const nowNs = monotonicClock.now();
    if (!Number.isNaN(stampNs)) this.times.record(nowNs - stampNs);
    if (isStamped(payload, start, end)) writeStamps(payload, start, stampNs, nowNs);
    this.#settings.output.frame(connection, opcode, payload, start, end);
    connection.answered++;
    const { ending } = this.#settings;
    if (ending !== null && connection.answered >= ending.after) this.#endAs(connection, ending);
  }

  #endAs(connection: Connection, ending: Ending): void {
    switch (ending.kind) {
      case "eof":
        connection.phase = "ending";
        return;
      case "close":
        this.#sendClose(connection, ending.code);
        return;
      case "reset":
        connection.phase = "resetting";
        return;
      case "stall":
        connection.isStalled = true;
        return;
    }
  }

  #behindHeld(connection: Connection, run: () => void): void {
    if (this.#settings.delays === null) run();
    else this.#settings.delays.behind(connection, run);
  }

  #sendClose(connection: Connection, code: number | null): void {
    if (connection.phase !== "open") return;
    this.#settings.output.frame(connection, opcodes.close, buildClosePayload(code));
    connection.phase = "ending";
  }
}
