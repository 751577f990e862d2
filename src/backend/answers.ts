/**
 * What the epoll server answers to what came on its open connections, and when.
 */
import { monotonicClock } from "../base/clock.js";
import { LatencyRecorder } from "../base/latency-recorder.js";
import { isOfPair, isStamped, writeStamps } from "../base/stamped-message.js";
import { buildClosePayload } from "../websocket/close-payload.js";
import type { FrameFault } from "../websocket/frame-fault.js";
import type { FrameSink } from "../websocket/frame-sink.js";
import { type Opcode, opcodes } from "../websocket/opcode.js";
import { type AnswerFaultCounts, slowAnswerNs } from "./backend-counts.js";
import type { Connection } from "./connection.js";
import type { Connections } from "./connections.js";
import type { DelayLine } from "./delay-line.js";
import { EndingTally } from "./ending-tally.js";
import type { AnswerFault, Ending } from "./fault-plan.js";
import type { Input } from "./input.js";
import type { Output } from "./output.js";
import type { ReplayLine } from "./replay-line.js";
import type { Rooms } from "./rooms.js";
import { usualAnswer } from "./usual-answer.js";
import { WrongAnswers } from "./wrong-answers.js";

export interface AnswersSettings {
  readonly connections: Connections;
  readonly output: Output;
  /** Null answers at once. */
  readonly delays: DelayLine | null;
  /** Null: no session is gone through. */
  readonly replay: ReplayLine | null;
  readonly ending: Ending | null;
  readonly fault: AnswerFault | null;
  /** Where the messages' stamps come from, if the answers are timed. */
  readonly stamped: Input | null;
  /** Whose messages alone get times; null for all. */
  readonly pair: Buffer | null;
  /** Takes what is for a room; null where there are none. */
  readonly rooms: Rooms | null;
}

/** Changes a connection's phase only: whoever called lets the rest follow. */
export class Answers implements FrameSink {
  messagesReceived = 0;
  messagesSent = 0;
  bytesReceived = 0;
  bytesSent = 0;
  /** From the kernel's receipt of a message until its answer is written. */
  times = new LatencyRecorder();
  endings = new EndingTally();
  #wrong: WrongAnswers;
  #slow = 0;
  readonly #settings: AnswersSettings;

  constructor(settings: AnswersSettings) {
    this.#settings = settings;
    this.#wrong = new WrongAnswers(settings.output);
  }

  faultCounts(): AnswerFaultCounts {
    const { stamped, delays } = this.#settings;
    return {
      ...this.#wrong.counts(),
      slow: stamped === null && delays === null ? null : this.#slow,
    };
  }

  resetCounts(): void {
    this.messagesReceived = 0;
    this.messagesSent = 0;
    this.bytesReceived = 0;
    this.bytesSent = 0;
    this.times = new LatencyRecorder();
    this.endings = new EndingTally();
    this.#wrong = new WrongAnswers(this.#settings.output);
    this.#slow = 0;
  }

  opened(connection: Connection): void {
    if (this.#settings.ending?.after === 0) this.#endAs(connection, this.#settings.ending);
  }

  message(fd: number, data: Buffer, start: number, end: number, isBinary: boolean): void {
    const connection = this.#listener(fd);
    if (connection === null || this.#settings.rooms?.takes(connection, data, start, end)) return;
    if (this.#settings.replay?.takes(connection, data, start, end, this)) return;
    this.received(end - start);
    if (connection.isStalled) return;
    const opcode = isBinary ? opcodes.binary : opcodes.text;
    const answer = usualAnswer(data, start, end, isBinary);
    if (answer === null) this.#answer(connection, opcode, data, start, end);
    else this.#answer(connection, opcode, answer, 0, answer.length);
  }

  received(bytes: number): void {
    this.messagesReceived++;
    this.bytesReceived += bytes;
  }

  /** Sends a message that answers none. */
  sendOwn(connection: Connection, payload: Buffer, isBinary: boolean): void {
    if (connection.phase !== "open" || connection.isStalled) return;
    this.messagesSent++;
    this.bytesSent += payload.length;
    this.#settings.output.frame(connection, isBinary ? opcodes.binary : opcodes.text, payload);
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
    if (connection === null) return;
    this.#countEnd(connection, (endings) => endings.peerClose(code));
    if (connection.isStalled) return;
    this.#behindHeld(connection, () => this.#sendClose(connection, code));
  }

  /** The peer has broken the protocol. */
  fault(connection: Connection, { closeCode }: FrameFault): void {
    if (connection.phase !== "open") return;
    this.#countEnd(connection, (endings) => endings.faultClose(closeCode));
    this.#behindHeld(connection, () => this.#sendClose(connection, closeCode));
  }

  /** The peer's stream has ended without a close frame. */
  peerEnded(connection: Connection): void {
    this.#countEnd(connection, (endings) => endings.peerEof());
    if (connection.isStalled) {
      connection.phase = "ending";
      return;
    }
    this.#behindHeld(connection, () => {
      connection.phase = "ending";
    });
  }

  /** As the server's own doing. */
  end(connection: Connection, ending: Ending): void {
    if (connection.phase === "open") this.#endAs(connection, ending);
  }

  /** The connection of an open WebSocket is broken. */
  peerBroke(connection: Connection): void {
    this.#countEnd(connection, (endings) => endings.peerReset());
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
    const heldNs = monotonicClock.now();
    delays.hold(connection, kept.length, () => {
      if (connection.phase === "open" && !connection.isStalled) {
        if (stamped === null && monotonicClock.now() - heldNs > slowAnswerNs) this.#slow++;
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
    const { ending, fault, pair } = this.#settings;
    const nowNs = monotonicClock.now();
    if (!Number.isNaN(stampNs)) {
      this.times.record(nowNs - stampNs);
      if (nowNs - stampNs > slowAnswerNs) this.#slow++;
    }
    if (isStamped(payload, start, end) && (pair === null || isOfPair(payload, start, pair)))
      writeStamps(payload, start, stampNs, nowNs);
    connection.answered++;
    if (fault === null || connection.answered % fault.every !== 0) {
      this.messagesSent++;
      this.bytesSent += end - start;
      this.#settings.output.frame(connection, opcode, payload, start, end);
    } else {
      for (const bytes of this.#wrong.send(fault.kind, connection, opcode, payload.subarray(start, end))) {
        this.messagesSent++;
        this.bytesSent += bytes;
      }
    }
    if (ending !== null && connection.answered >= ending.after) this.#endAs(connection, ending);
  }

  #countEnd(connection: Connection, count: (endings: EndingTally) => void): void {
    if (connection.isEndCounted) return;
    connection.isEndCounted = true;
    count(this.endings);
  }

  #endAs(connection: Connection, ending: Ending): void {
    switch (ending.kind) {
      case "eof":
        this.#countEnd(connection, (endings) => endings.ownEof());
        connection.phase = "ending";
        return;
      case "close":
        this.#countEnd(connection, (endings) => endings.ownClose(ending.code));
        this.#sendClose(connection, ending.code);
        return;
      case "reset":
        this.#countEnd(connection, (endings) => endings.ownReset());
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
