/**
 * The epoll server's connections from accept to close: what came is read, what is to be said goes out, and when all
 * has been said the connection ends.
 */
import type { LatencyHistogram } from "../base/latency-histogram.js";
import { createPrng } from "../base/prng.js";
import { epollEvents } from "../linux/epoll.js";
import { errnos } from "../linux/errno.js";
import type { EventLoop } from "../linux/event-loop.js";
import type { RecordedTraffic } from "../scenario/replay/session.js";
import { buildAccept, buildPage } from "../websocket/server-response.js";
import { UpgradeRequestReader } from "../websocket/upgrade-request-reader.js";
import type { RequestAnswer } from "./answer-request.js";
import { Audience } from "./audience.js";
import type { BackendCounts } from "./backend-counts.js";
import { Connection } from "./connection.js";
import { Connections } from "./connections.js";
import { DelayLine } from "./delay-line.js";
import { Departures } from "./departures.js";
import type { Ending, FaultPlan } from "./fault-plan.js";
import { Http2Streams } from "./http2-streams.js";
import { type Input, PlainInput, StampedInput } from "./input.js";
import { Output } from "./output.js";
import type { Posture } from "./posture.js";
import { Pushes } from "./pushes.js";
import { Reception } from "./reception.js";
import { ReplayLine } from "./replay-line.js";
import { Rooms } from "./rooms.js";

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
  readonly #departures: Departures;
  readonly #reception: Reception;
  readonly #streams: Http2Streams;

  constructor(settings: SessionsSettings) {
    this.#settings = settings;
    const { loop, path, token, control, stamps, pair, delay, replay, ending, answerFault, rooms, seed } =
      settings;
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
    const audienceOf = (connection: Connection): Audience => this.#audienceOf(connection);
    this.#reception = new Reception({ path, token, control, audienceOf });
    this.#departures = new Departures({
      ...common,
      timers,
      audienceOf,
      strangers: this.#others ?? this.#ours,
      streamsOf: (socket) => this.#streams.of(socket),
    });
    this.#streams = new Http2Streams({
      ...common,
      reception: this.#reception,
      begun: (socket) => this.#departures.hasAsked(socket),
      opened: (connection) => this.#audienceOf(connection).answers.opened(connection),
      takeFrames: (connection, bytes, start, end) => this.#takeFrames(connection, bytes, start, end),
      ended: (connection) => this.#endOfStream(connection),
      released: (connection) => this.#departures.release(connection),
      settle: ran,
    });
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
    const connection = this.#connections.addSocket(fd, (number) =>
      Connection.ofSocket(fd, number, epollEvents.readable),
    );
    this.#departures.expectRequest(connection);
    this.#settings.loop.epoll.add(fd, connection.watched);
  }

  /** @returns false when the descriptor is no connection's; it may have been one's a moment ago */
  handle(fd: number, mask: number): boolean {
    const connection = this.#connections.ofSocket(fd);
    if (connection === undefined) return false;
    if ((mask & epollEvents.writable) !== 0) this.#output.drain(connection);
    // An error or a hang-up shows in the read.
    if ((mask & ~epollEvents.writable) !== 0 && !connection.isBroken) this.#read(connection);
    this.#settle(connection);
    return true;
  }

  take(posture: Posture): void {
    this.#reception.refusal = posture.kind === "draining" ? posture.status : null;
    if (posture.kind === "serving") return;
    const ending: Ending =
      posture.kind === "draining"
        ? { kind: "close", after: 0, code: posture.code }
        : { kind: "eof", after: 0 };
    for (const connection of this.#connections.list()) {
      this.#audienceOf(connection).answers.end(connection, ending);
      if (posture.kind === "down") this.#departures.release(connection);
      else this.#settle(connection);
    }
  }

  close(): void {
    for (const connection of this.#connections.list()) this.#departures.release(connection);
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
    const { buffer } = this.#input;
    if (connection.phase === "open") this.#takeFrames(connection, buffer, 0, received);
    else if (connection.phase === "carrying") this.#streams.read(connection, buffer, 0, received);
    else if (connection.phase === "upgrading") this.#takeRequest(connection, buffer, received);
    // Whatever comes behind the end of what we say is dropped.
  }

  #takeFrames(connection: Connection, bytes: Buffer, start: number, end: number): void {
    const { decoder, answers } = this.#audienceOf(connection);
    const fault = decoder.read(connection.number, bytes, start, end);
    if (fault !== null) answers.fault(connection, fault);
  }

  #takeRequest(connection: Connection, bytes: Buffer, received: number): void {
    connection.request ??= new UpgradeRequestReader();
    const reading = connection.request.read(bytes, 0, received);
    if (reading.kind === "incomplete") return;
    connection.request = null;
    if (reading.kind === "http2") {
      this.#streams.begin(connection);
      this.#streams.read(connection, bytes, reading.restAt, received);
      return;
    }
    this.#departures.hasAsked(connection);
    const answer = this.#reception.receive(connection, reading);
    if (answer.kind !== "accepted" || reading.kind !== "upgrade") {
      this.#output.bytes(connection, pageOf(answer));
      return;
    }
    const { subprotocol } = answer;
    this.#output.bytes(connection, buildAccept({ key: reading.key, subprotocol }));
    this.#audienceOf(connection).answers.opened(connection);
    if (reading.framesAt < received) this.#takeFrames(connection, bytes, reading.framesAt, received);
  }

  #endOfStream(connection: Connection): void {
    connection.hasPeerEnded = true;
    for (const stream of this.#streams.of(connection)) {
      if (stream.phase === "open") this.#audienceOf(stream).answers.peerEnded(stream);
      this.#departures.release(stream);
    }
    if (connection.phase === "open") this.#audienceOf(connection).answers.peerEnded(connection);
    else if (connection.phase !== "resetting") connection.phase = "ending";
  }

  /** Everything that follows from what has just been done with a connection. */
  #settle(connection: Connection): void {
    this.#output.push(connection);
    if (connection.phase === "closed") return;
    if (connection.isBroken || connection.phase === "resetting") {
      this.#departures.breakOff(connection);
      return;
    }
    if (connection.phase === "ending" && !this.#departures.finish(connection)) return;
    this.#watch(connection);
  }

  #watch(connection: Connection): void {
    const isWanted = connection.wantsInput();
    if (connection.carried !== null) {
      const { session, stream } = connection.carried;
      session.hold(stream, !isWanted);
      this.#output.push(connection);
      return;
    }
    const mask =
      (isWanted ? epollEvents.readable : 0) | (connection.backlog === null ? 0 : epollEvents.writable);
    if (mask === connection.watched) return;
    connection.watched = mask;
    this.#settings.loop.epoll.modify(connection.fd, mask);
  }
}

function pageOf(answer: RequestAnswer): Buffer {
  if (answer.kind === "accepted") return Buffer.alloc(0);
  const page = buildPage(answer);
  return answer.isHeadOnly ? page.subarray(0, page.indexOf("\r\n\r\n") + 4) : page;
}
