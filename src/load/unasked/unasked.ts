/**
 * What comes to a thread's connections without being asked for: told apart from replies, and waited for at the end.
 * Messages to rooms are sent here as well.
 */
import type { Clock } from "../../base/clock.js";
import { createDeferred } from "../../base/deferred.js";
import { unaskedKindOf, unaskedKinds } from "../../base/unasked-message.js";
import type { Engine } from "../engine.js";
import type { StartOrder, ThreadJob } from "../messages.js";
import type { OpenConnections } from "../open-connections.js";
import type { Recorder } from "../recorder.js";
import type { Waits } from "../waits.js";
import { PushReceiver } from "./push-receiver.js";
import { RoomCasts } from "./room-casts.js";
import type { UnaskedCounts, UnaskedOrder } from "./unasked-order.js";

type Job = Pick<ThreadJob, "unasked" | "connections" | "firstConnection" | "seed" | "handshakeTimeoutMs">;

interface UnaskedSettings {
  readonly open: OpenConnections;
  readonly recorder: Recorder;
  readonly engine: Pick<Engine, "send" | "timers">;
  readonly clock: Clock;
  readonly waits: Waits;
  /** There may be less to wait for. */
  readonly settled: () => void;
}

const noCasts = { castsDue: 0, castsSent: 0, deliveriesExpected: 0, deliveriesCame: 0 };

/** Null when the job has none: then nobody looks for it. */
export function createUnasked(job: Job, settings: UnaskedSettings): Unasked | null {
  return job.unasked === null ? null : new Unasked(job.unasked, job, settings);
}

export class Unasked {
  readonly #settings: UnaskedSettings;
  readonly #joinNs: number;
  readonly #pushes: PushReceiver | null;
  readonly #casts: RoomCasts | null;
  readonly #allJoined = createDeferred();

  constructor({ push, fanout }: UnaskedOrder, job: Job, settings: UnaskedSettings) {
    this.#settings = settings;
    this.#joinNs = job.handshakeTimeoutMs * 1e6;
    const { connections, firstConnection, seed } = job;
    const part = { connections, firstConnection, seed };
    this.#pushes = push === null ? null : new PushReceiver({ ...settings, ...push, connections });
    this.#casts = fanout === null ? null : new RoomCasts({ ...settings, ...part, ...fanout });
  }

  /** Waits until every open connection is in its room, as long as a handshake may take. */
  async join(): Promise<void> {
    if (this.#casts?.hasJoined === false)
      await this.#settings.waits.within(this.#allJoined, this.#settings.clock.now() + this.#joinNs);
  }

  /** The load begins. */
  start(order: StartOrder): void {
    this.#casts?.start(order);
  }

  opened(connection: number): void {
    this.#casts?.opened(connection);
  }

  /** @returns whether the message was none for the recorder */
  takes(connection: number, data: Buffer, start: number, end: number, stampNs: number): boolean {
    switch (unaskedKindOf(data, start, end)) {
      case unaskedKinds.push:
        this.#pushes?.came(connection, data, start, end, stampNs);
        return true;
      case unaskedKinds.ends:
        this.#pushes?.ended(connection);
        break;
      case unaskedKinds.cast:
        this.#casts?.came(connection, data, start, end, stampNs);
        break;
      case unaskedKinds.join:
        this.#casts?.joined(connection);
        if (this.#casts?.hasJoined) this.#settings.waits.wake(this.#allJoined);
        break;
      default:
        return false;
    }
    this.#settings.settled();
    return true;
  }

  /** An open connection is over. */
  closed(connection: number): void {
    this.#pushes?.closed(connection);
    this.#casts?.closed(connection);
    if (this.#casts?.hasJoined) this.#settings.waits.wake(this.#allJoined);
  }

  /** The load ends before its time. */
  stop(): void {
    this.#casts?.stop();
  }

  /** The load has been sent: what comes unasked is waited for from now on. */
  awaitRest(): void {
    this.#pushes?.awaitEnd();
  }

  /** Whether nothing is under way any more. */
  get isDone(): boolean {
    return this.#pushes?.isDone !== false && this.#casts?.isDone !== false;
  }

  /** The trial is over: what is still under way has not come. */
  finish(): void {
    this.#casts?.finish();
  }

  counts(): UnaskedCounts {
    return { pushesDelivered: this.#pushes?.delivered ?? 0, ...(this.#casts?.counts ?? noCasts) };
  }
}
