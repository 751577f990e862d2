/**
 * Messages to rooms, sent by a schedule whatever becomes of them, each timed at every member from its own intended
 * instant. A room's members are neighbours among the thread's connections.
 */
import type { Clock } from "../../base/clock.js";
import { startOpenLoop } from "../../base/open-loop.js";
import { createPacer } from "../../base/pacer.js";
import {
  createUnaskedMessage,
  isSameUnasked,
  joinMessage,
  readUnasked,
  writeUnasked,
} from "../../base/unasked-message.js";
import type { Engine } from "../engine.js";
import type { StartOrder } from "../messages.js";
import type { Recorder } from "../recorder.js";
import { Cast } from "./cast.js";
import type { FanoutOrder } from "./unasked-order.js";

interface RoomCastsSettings extends FanoutOrder {
  readonly connections: number;
  /** The number of the thread's first among the arm's connections. */
  readonly firstConnection: number;
  readonly seed: number;
  readonly engine: Pick<Engine, "send" | "timers">;
  readonly clock: Clock;
  readonly recorder: Recorder;
  /** There may be less to wait for. */
  readonly settled: () => void;
}

export class RoomCasts {
  readonly counts = { castsDue: 0, castsSent: 0, deliveriesExpected: 0, deliveriesCame: 0 };
  readonly #settings: RoomCastsSettings;
  readonly #message: Buffer;
  readonly #wanted: Buffer;
  readonly #rooms: number;
  /** 1 from the first time that a connection is open, and so a member. */
  readonly #hasOpened: Uint8Array;
  /** 1 while the backend knows it as one. */
  readonly #isMember: Uint8Array;
  readonly #joining = new Set<number>();
  /** The last that had been sent when it joined, by connection: up to it, one may come there that nobody awaited there. */
  readonly #sentBefore: Float64Array;
  /** By number: those that some member awaits, the oldest first. */
  readonly #underWay = new Map<number, Cast>();
  #last = 0;
  /** Rooms have their turns, those as well in which nobody can send. */
  #turn = 0;
  /** Those up to this number have been waited for in vain. */
  #givenUp = 0;
  #waitNs = Number.POSITIVE_INFINITY;
  #isOver = true;
  #stop = (): void => undefined;

  constructor(settings: RoomCastsSettings) {
    const { connections, room, bytes } = settings;
    this.#settings = settings;
    this.#message = createUnaskedMessage("cast", bytes);
    this.#wanted = createUnaskedMessage("cast", bytes);
    this.#rooms = Math.ceil(connections / room);
    this.#hasOpened = new Uint8Array(connections);
    this.#isMember = new Uint8Array(connections);
    this.#sentBefore = new Float64Array(connections);
  }

  /** Whether every open connection is in its room. */
  get hasJoined(): boolean {
    return this.#joining.size === 0;
  }

  /** Whether the schedule is over, and nothing is under way. */
  get isDone(): boolean {
    return this.#isOver && this.#underWay.size === 0;
  }

  opened(connection: number): void {
    const { engine, firstConnection, room } = this.#settings;
    this.#hasOpened[connection] = 1;
    this.#joining.add(connection);
    engine.send(connection, joinMessage(firstConnection + Math.floor(connection / room)), false);
  }

  joined(connection: number): void {
    this.#joining.delete(connection);
    this.#isMember[connection] = 1;
    this.#sentBefore[connection] = this.#last;
  }

  closed(connection: number): void {
    this.#joining.delete(connection);
    this.#isMember[connection] = 0;
    const room = this.#roomOf(connection);
    for (const [number, cast] of this.#underWay) {
      if (cast.room !== room) continue;
      cast.giveUp(this.#placeOf(connection));
      this.#settleDone(number, cast);
    }
  }

  start(order: StartOrder): void {
    const { engine, clock, seed } = this.#settings;
    this.#waitNs = order.drainNs;
    const { castsPerS = 0 } = order;
    if (castsPerS === 0) return;
    this.#isOver = false;
    this.#stop = startOpenLoop({
      pacer: createPacer({ ...order, ratePerS: castsPerS }, seed),
      startNs: order.startNs,
      endNs: order.sendUntilNs,
      clock,
      timers: engine.timers,
      send: (dueNs) => this.#send(dueNs),
      done: () => this.stop(),
    });
  }

  /** None falls due any more. */
  stop(): void {
    this.#stop();
    this.#isOver = true;
    this.#settings.settled();
  }

  /** What is still under way is not waited for any more. */
  finish(): void {
    for (const [number, cast] of this.#underWay) this.#settle(number, cast);
  }

  /** @param stampNs when the kernel received it; NaN where it was not told */
  came(connection: number, data: Buffer, start: number, end: number, stampNs: number): void {
    const { failures } = this.#settings.recorder;
    const { number, dueNs } = readUnasked(data, start);
    const cast = this.#underWay.get(number);
    if (Number.isNaN(number + dueNs) || number > this.#last || !isSameUnasked(this.#wanted, data, start, end))
      failures.add("reply-wrong", "a message to a room that is not as it was sent");
    else if (cast === undefined) {
      if (number <= this.#givenUp) return;
      if (number <= (this.#sentBefore[connection] as number)) this.#cameUnawaited(dueNs);
      else failures.add("reply-duplicate", "a message to a room came twice");
    } else if (cast.room !== this.#roomOf(connection))
      failures.add("reply-wrong", "a message to a room came to a member of another");
    else {
      const atNs = Number.isNaN(stampNs) ? this.#settings.clock.now() : stampNs;
      if (!cast.cameTo(this.#placeOf(connection), atNs))
        failures.add("reply-duplicate", "a message to a room came twice");
      this.#settleDone(number, cast);
    }
  }

  /** To a member that was on its way back in, when nobody else awaited it any more. */
  #cameUnawaited(dueNs: number): void {
    if (this.#settings.recorder.isInWindow(dueNs)) this.counts.deliveriesCame++;
  }

  #send(dueNs: number): void {
    const { engine, clock, recorder } = this.#settings;
    const isCounted = recorder.isInWindow(dueNs);
    if (isCounted) this.counts.castsDue++;
    const turn = ++this.#turn;
    const room = turn % this.#rooms;
    const from = this.#senderIn(room, Math.floor(turn / this.#rooms));
    const sentNs = clock.now();
    if (from === -1) return;
    const number = this.#last + 1;
    writeUnasked(this.#message, number, dueNs, sentNs);
    if (!engine.send(from, this.#message, false)) return;
    this.#last = number;
    if (isCounted) {
      this.counts.castsSent++;
      recorder.record("sendLag", sentNs - dueNs);
    }
    this.#giveUpBefore(sentNs - this.#waitNs);
    const members = this.#membersOf(room);
    const expected = members.filter((member) => this.#hasOpened[member] === 1).length;
    const isThere = members.map((member) => this.#isMember[member] === 1);
    this.#underWay.set(number, new Cast(room, dueNs, expected, isThere));
  }

  /** The members have their turns; -1 where none can send. */
  #senderIn(room: number, turn: number): number {
    const members = this.#membersOf(room);
    const place = turn % members.length;
    return (
      [...members.slice(place), ...members.slice(0, place)].find((one) => this.#isMember[one] === 1) ?? -1
    );
  }

  #membersOf(room: number): readonly number[] {
    const first = room * this.#settings.room;
    const size = Math.min(this.#settings.room, this.#settings.connections - first);
    return Array.from({ length: size }, (_, place) => first + place);
  }

  #giveUpBefore(timeNs: number): void {
    for (const [number, cast] of this.#underWay) {
      if (cast.dueNs >= timeNs) return;
      this.#givenUp = number;
      this.#settle(number, cast);
    }
  }

  #settleDone(number: number, cast: Cast): void {
    if (cast.awaited === 0) this.#settle(number, cast);
  }

  #settle(number: number, cast: Cast): void {
    const { recorder } = this.#settings;
    this.#underWay.delete(number);
    if (!recorder.isInWindow(cast.dueNs)) return;
    this.counts.deliveriesExpected += cast.expected;
    this.counts.deliveriesCame += cast.came;
    const { firstNs, medianNs, lastNs } = cast.times();
    if (firstNs !== null) recorder.record("fanoutFirst", firstNs);
    if (medianNs !== null) recorder.record("fanoutMedian", medianNs);
    if (lastNs !== null) recorder.record("fanoutLast", lastNs);
  }

  #roomOf(connection: number): number {
    return Math.floor(connection / this.#settings.room);
  }

  #placeOf(connection: number): number {
    return connection % this.#settings.room;
  }
}
