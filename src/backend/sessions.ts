/**
 * The epoll server's connections from accept to close: what came is read, what is to be said goes out, and when all
 * has been said the connection ends.
 */
import type { LatencyHistogram } from "../base/latency-histogram.js";
import { createPrng } from "../base/prng.js";
import { closeDescriptor } from "../linux/close-descriptor.js";
import { epollEvents } from "../linux/epoll.js";
import { errnos } from "../linux/errno.js";
import type { EventLoop } from "../linux/event-loop.js";
import { setResetOnClose } from "../linux/socket-options.js";
import { shutdownWriting } from "../linux/tcp-socket.js";
import type { RecordedTraffic } from "../scenario/replay/session.js";
import { carriesToken } from "../websocket/run-token.js";
import { UpgradeRequestReader } from "../websocket/upgrade-request-reader.js";
import { answerRequest, controlAnswer } from "./answer-request.js";
import { Audience } from "./audience.js";
import type { BackendCounts } from "./backend-counts.js";
import { Connection } from "./connection.js";
import { Connections } from "./connections.js";
import { Deadlines } from "./deadlines.js";
import { DelayLine } from "./delay-line.js";
import type { Ending, FaultPlan } from "./fault-plan.js";
import { type Input, PlainInput, StampedInput } from "./input.js";
import { Output } from "./output.js";
import type { Posture } from "./posture.js";
import { Pushes } from "./pushes.js";
import { ReplayLine } from "./replay-line.js";
import { Rooms } from "./rooms.js";

/** As long as Node's http server waits for a request's head. */
const requestNs = 60e9;
/** As long as `ws` waits for the other side to close. */
const closeNs = 30e9;

interface SessionsSettings extends Pick<FaultPlan, "delay" | "ending" | "seed"> {
  readonly loop: EventLoop;
  readonly path: string | null;
  /** Null counts everybody alike. */
  readonly token: string | null;
  /** Answers who asks with the token; null for what is no such question. */
  readonly control: (path: string) => string | null;
  readonly stamps: boolean;
  readonly replay: RecordedTraffic | null;
  readonly pair: Buffer | null;
  readonly answerFault: FaultPlan["answers"];
  readonly rooms: boolean;
}

export class Sessions {
  readonly #settings: SessionsSettings;
  readonly #connections = new Connections();
  readonly #output = new Output();
  readonly #input: Input;
  readonly #ours: Audience;
  /** Null where everybody is ours. */
  readonly #others: Audience | null;
  readonly pushes: Pushes;
  readonly #requests: Deadlines<Connection>;
  readonly #closings: Deadlines<Connection>;
  /** What handshakes are answered while nobody is taken in; null: they are. */
  #refusal: 503 | null = null;

  constructor(settings: SessionsSettings) {
    this.#settings = settings;
    const { loop, token, stamps, pair, delay, replay, ending, answerFault, rooms, seed } = settings;
    const { timers } = loop;
    const ran = (connection: Connection): void => this.#settle(connection);
    this.#input = stamps ? new StampedInput() : new PlainInput();
    const delays = delay === null ? null : new DelayLine({ timers, delay, prng: createPrng(seed), ran });
    const common = { connections: this.#connections, output: this.#output, delays };
    this.pushes = new Pushes({ ...common, timers, ran });
    const line = replay === null ? null : new ReplayLine(replay, timers, ran);
    const stamped = stamps ? this.#input : null;
    const own = { replay: line, rooms: rooms ? new Rooms({ ...common, ran }) : null };
    const answers = { ...common, ...own, ending, fault: answerFault, stamped, pair };
    this.#ours = new Audience(answers);
    this.#others = token === null ? null : new Audience({ ...answers, rooms: null });
    const end = (connection: Connection): void => this.#release(connection);
    this.#requests = new Deadlines(timers, requestNs, (connection) => {
      (this.#others ?? this.#ours).handshakes.unanswered++;
      end(connection);
    });
    this.#closings = new Deadlines(timers, closeNs, end);
  }

  counts(): Omit<BackendCounts, "acceptFailures"> {
    const others = this.#others === null ? {} : { others: this.#others.asOthers() };
    return { ...this.#ours.counts(), ...others, pushes: this.pushes.counts() };
  }

  answerTimes(): LatencyHistogram | null {
    return this.#settings.stamps ? this.#ours.answers.times.toHistogram() : null;
  }

  resetCounts(): void {
    this.#ours.resetCounts();
    this.#others?.resetCounts();
    this.pushes.resetCounts();
  }

  accept(fd: number): void {
    this.#ours.handshakes.accepted++;
    const connection = new Connection(fd, epollEvents.readable);
    this.#connections.add(connection);
    this.#requests.add(connection);
    this.#settings.loop.epoll.add(fd, connection.watched);
  }

  /** @returns false when the descriptor is no connection's; it may have been one's a moment ago */
  handle(fd: number, mask: number): boolean {
    const connection = this.#connections.at(fd);
    if (connection === undefined) return false;
    if ((mask & epollEvents.writable) !== 0) this.#output.drain(connection);
    // An error or a hang-up shows in the read.
    if ((mask & ~epollEvents.writable) !== 0 && !connection.isBroken) this.#read(connection);
    this.#settle(connection);
    return true;
  }

  take(posture: Posture): void {
    this.#refusal = posture.kind === "draining" ? posture.status : null;
    if (posture.kind === "serving") return;
    const ending: Ending =
      posture.kind === "draining"
        ? { kind: "close", after: 0, code: posture.code }
        : { kind: "eof", after: 0 };
    for (const connection of this.#connections.list()) {
      this.#audienceOf(connection).answers.end(connection, ending);
      if (posture.kind === "down") this.#release(connection);
      else this.#settle(connection);
    }
  }

  close(): void {
    for (const connection of this.#connections.list()) this.#release(connection);
  }

  #audienceOf({ isOthers }: Connection): Audience {
    return isOthers && this.#others !== null ? this.#others : this.#ours;
  }

  #read(connection: Connection): void {
    const received = this.#input.receive(connection.fd);
    if (received > 0) this.#take(connection, received);
    else if (received === 0) this.#endOfStream(connection);
    else if (received !== -errnos.EAGAIN && received !== -errnos.EINTR) connection.isBroken = true;
  }

  #take(connection: Connection, received: number): void {
    if (connection.phase === "open") this.#takeFrames(connection, 0, received);
    else if (connection.phase === "upgrading") this.#takeRequest(connection, received);
    // Whatever comes behind the end of what we say is dropped.
  }

  #takeFrames(connection: Connection, start: number, end: number): void {
    const { decoder, answers } = this.#audienceOf(connection);
    const fault = decoder.read(connection.fd, this.#input.buffer, start, end);
    if (fault !== null) answers.fault(connection, fault);
  }

  #takeRequest(connection: Connection, received: number): void {
    connection.request ??= new UpgradeRequestReader();
    const reading = connection.request.read(this.#input.buffer, 0, received);
    if (reading.kind === "incomplete") return;
    connection.request = null;
    this.#requests.remove(connection);
    const { path, token, control } = this.#settings;
    connection.isOthers =
      token !== null && (reading.request === null || !carriesToken(reading.request, token));
    const told = token === null || connection.isOthers ? null : controlAnswer(reading, control);
    if (told !== null) {
      this.#output.bytes(connection, told);
      connection.phase = "ending";
      return;
    }
    const audience = this.#audienceOf(connection);
    const answer = answerRequest(reading, { path, refusal: this.#refusal, isPublic: connection.isOthers });
    this.#output.bytes(connection, answer.bytes);
    audience.handshakes.answered(answer);
    if (answer.kind !== "accepted" || reading.kind !== "upgrade") {
      connection.phase = "ending";
      return;
    }
    audience.open++;
    connection.isUpgraded = true;
    connection.phase = "open";
    audience.answers.opened(connection);
    if (reading.framesAt < received) this.#takeFrames(connection, reading.framesAt, received);
  }

  #endOfStream(connection: Connection): void {
    connection.hasPeerEnded = true;
    if (connection.phase === "open") this.#audienceOf(connection).answers.peerEnded(connection);
    else connection.phase = "ending";
  }

  /** Everything that follows from what has just been done with a connection. */
  #settle(connection: Connection): void {
    this.#output.push(connection);
    if (connection.phase === "closed") return;
    if (connection.isBroken || connection.phase === "resetting") {
      this.#breakOff(connection);
      return;
    }
    if (connection.phase === "ending" && !this.#finish(connection)) return;
    this.#watch(connection);
  }

  #breakOff(connection: Connection): void {
    if (connection.phase === "resetting") setResetOnClose(connection.fd);
    if (connection.phase === "open") this.#audienceOf(connection).answers.peerBroke(connection);
    this.#release(connection);
  }

  /** @returns whether the connection is still there */
  #finish(connection: Connection): boolean {
    this.#closings.add(connection);
    if (connection.backlog !== null) return true;
    // Closing at once could cost the peer our last words: RST follows when it sends any more (RFC 9112, 9.6).
    if (connection.hasPeerEnded || shutdownWriting(connection.fd) < 0) {
      this.#release(connection);
      return false;
    }
    connection.phase = "lingering";
    return true;
  }

  #watch(connection: Connection): void {
    const readable = connection.wantsInput() ? epollEvents.readable : 0;
    const writable = connection.backlog === null ? 0 : epollEvents.writable;
    const mask = readable | writable;
    if (mask === connection.watched) return;
    connection.watched = mask;
    this.#settings.loop.epoll.modify(connection.fd, mask);
  }

  #release(connection: Connection): void {
    const { fd } = connection;
    connection.phase = "closed";
    connection.backlog = null;
    const audience = this.#audienceOf(connection);
    if (connection.isUpgraded) audience.open--;
    this.#requests.remove(connection);
    this.#closings.remove(connection);
    this.#connections.remove(connection);
    audience.decoder.forget(fd);
    closeDescriptor(fd);
  }
}
