/**
 * What connections say besides the load: the first exchanges once one is open, heartbeats that the server wants answered, and
 * what is sent now and then to stay connected. What comes and is meant by none of it goes on to the recorder.
 */
import type { Clock } from "../../base/clock.js";
import type { ConnectionFault, Engine, OpeningTimes } from "../engine.js";
import { createHeartbeat } from "../heartbeat.js";
import { wrongReply } from "../message-source.js";
import type { ThreadJob } from "../messages.js";
import type { OpenConnections } from "../open-connections.js";
import type { TalkCounts } from "../thread-counts.js";
import type { Fills } from "./fills.js";
import { type MessagePattern, patternOf, valueAt } from "./message-pattern.js";
import { MessageText, piecesOf } from "./message-text.js";
import type { Talk, TalkMatch, TalkStep, TalkText } from "./talk.js";

type KeepAlive = NonNullable<Talk["keepAlive"]>;

interface TalksSettings {
  readonly talk: Talk;
  readonly fills: Fills;
  readonly engine: Pick<Engine, "send" | "drop" | "timers">;
  readonly open: OpenConnections;
  readonly clock: Clock;
  /** For the whole of a connection's first exchanges. */
  readonly timeoutMs: number;
  /** The first exchanges are over: the connection may carry load. */
  readonly ready: (connection: number, times: OpeningTimes) => void;
}

/** @returns null where a job's messages are wsrally's own */
export function createTalks(
  { talk, handshakeTimeoutMs }: Pick<ThreadJob, "talk" | "handshakeTimeoutMs">,
  fills: Fills | null,
  settings: Omit<TalksSettings, "talk" | "fills" | "timeoutMs">,
): Talks | null {
  return talk === null || fills === null
    ? null
    : new Talks({ ...settings, talk, fills, timeoutMs: handshakeTimeoutMs });
}

interface Rule {
  readonly patterns: (connection: number) => MessagePattern;
  /** Null: it is ignored. */
  readonly answers: ((connection: number) => MessageText) | null;
}

interface Introduction {
  readonly times: OpeningTimes;
  step: number;
  readonly cancel: () => void;
  /** What the server said last that no step or rule wanted; null: nothing. */
  fault: ConnectionFault | null;
}

export class Talks {
  readonly #settings: TalksSettings;
  readonly #encoding: "utf8" | "latin1";
  readonly #rules: readonly Rule[];
  readonly #sends: readonly (((connection: number) => MessageText) | null)[];
  readonly #awaits: readonly (((connection: number) => MessagePattern) | null)[];
  readonly #keepAlive: ReturnType<typeof createHeartbeat>;
  /** Connections whose first exchanges are not over. */
  readonly #introductions = new Map<number, Introduction>();
  readonly #counts = { ignored: 0, answered: 0, keptAlive: 0 };

  constructor(settings: TalksSettings) {
    const { talk } = settings;
    this.#settings = settings;
    this.#encoding = talk.binary ? "latin1" : "utf8";
    this.#rules = [
      ...talk.answer.map(({ to, send }) => ({ patterns: this.#patterns(to), answers: this.#texts(send) })),
      ...talk.ignore.map((match) => ({ patterns: this.#patterns(match), answers: null })),
    ];
    this.#sends = talk.first.map(({ send }) => (send === null ? null : this.#texts(send)));
    this.#awaits = talk.first.map((step) => (step.await === null ? null : this.#patterns(step.await)));
    this.#keepAlive = talk.keepAlive === null ? null : this.#createKeepAlive(talk.keepAlive);
  }

  /** The load begins. */
  start(): void {
    this.#keepAlive?.start();
  }

  stop(): void {
    this.#keepAlive?.stop();
  }

  counts(): TalkCounts {
    return { ...this.#counts };
  }

  /** A connection is open: its first exchanges begin. */
  opened(connection: number, times: OpeningTimes): void {
    if (this.#settings.talk.first.length === 0) {
      this.#settings.ready(connection, times);
      return;
    }
    const { clock, engine, timeoutMs } = this.#settings;
    const cancel = engine.timers.at(clock.now() + timeoutMs * 1e6, () => this.#refuse(connection, null));
    this.#introductions.set(connection, { times, step: 0, cancel, fault: null });
    this.#go(connection, 0);
  }

  /** @returns whether the message was none for the recorder */
  takes(connection: number, data: Buffer, start: number, end: number): boolean {
    const introduction = this.#introductions.size === 0 ? undefined : this.#introductions.get(connection);
    if (introduction !== undefined && this.#isAwaited(introduction.step, connection, data, start, end)) {
      this.#capture(connection, introduction.step, data.subarray(start, end));
      this.#go(connection, introduction.step + 1);
      return true;
    }
    for (const { patterns, answers } of this.#rules) {
      if (patterns(connection).read(data, start, end, this.#numberOf(connection)) === wrongReply) continue;
      if (answers === null) this.#counts.ignored++;
      else if (this.#send(connection, answers)) this.#counts.answered++;
      return true;
    }
    if (introduction === undefined) return false;
    this.#refuse(connection, data.toString(this.#encoding, start, Math.min(end, start + 120)));
    return true;
  }

  /**
   * An open connection is over.
   * @returns why, if its first exchanges were not; null if it carried load
   */
  closed(connection: number, fault: ConnectionFault): ConnectionFault | null {
    const introduction = this.#introductions.get(connection);
    if (introduction === undefined) return null;
    introduction.cancel();
    this.#introductions.delete(connection);
    if (introduction.fault !== null) return introduction.fault;
    const step = this.#stepAt(introduction.step);
    return firstFailed(step, `the connection ended (${fault.detail})`);
  }

  #go(connection: number, from: number): void {
    const introduction = this.#introductions.get(connection);
    if (introduction === undefined) return;
    for (let step = from; step < this.#awaits.length; step++) {
      introduction.step = step;
      const texts = this.#sends[step] ?? null;
      // One that is over by now is told of by its end.
      if (texts !== null && !this.#send(connection, texts)) return;
      if (this.#awaits[step] !== null) return;
    }
    introduction.cancel();
    this.#introductions.delete(connection);
    this.#settings.ready(connection, introduction.times);
  }

  #isAwaited(step: number, connection: number, data: Buffer, start: number, end: number): boolean {
    const pattern = this.#awaits[step]?.(connection);
    return pattern !== undefined && pattern.read(data, start, end, this.#numberOf(connection)) !== wrongReply;
  }

  #capture(connection: number, step: number, message: Buffer): void {
    for (const { captured, path } of this.#settings.talk.first[step]?.captures ?? []) {
      const value = valueAt(message, path);
      if (value !== null) this.#settings.fills.capture(connection, captured, value);
    }
  }

  /** @param said what the server said instead; null: nothing, in time */
  #refuse(connection: number, said: string | null): void {
    const introduction = this.#introductions.get(connection);
    if (introduction === undefined || introduction.fault !== null) return;
    const step = this.#stepAt(introduction.step);
    introduction.fault = firstFailed(
      step,
      said === null
        ? `nothing that it waits for came within ${this.#settings.timeoutMs / 1000} s`
        : `the server said ${JSON.stringify(said)}: want that in await, or in ignore`,
    );
    this.#settings.engine.drop(connection);
  }

  #stepAt(step: number): TalkStep | undefined {
    return this.#settings.talk.first[step];
  }

  #send(connection: number, texts: (connection: number) => MessageText): boolean {
    const { engine, talk } = this.#settings;
    return engine.send(connection, texts(connection).write(this.#numberOf(connection), 0), talk.binary);
  }

  #createKeepAlive({ every, send }: KeepAlive): ReturnType<typeof createHeartbeat> {
    const { open, clock, engine } = this.#settings;
    const texts = this.#texts(send);
    return createHeartbeat(every, {
      open,
      clock,
      timers: engine.timers,
      ping: (connection) => {
        if (this.#send(connection, texts)) this.#counts.keptAlive++;
      },
    });
  }

  #numberOf(connection: number): number {
    return this.#settings.fills.numberOf(connection);
  }

  #texts(text: TalkText): (connection: number) => MessageText {
    return this.#settings.fills.each([text], (fill) => new MessageText(piecesOf(text, fill, this.#encoding)));
  }

  #patterns(match: TalkMatch): (connection: number) => MessagePattern {
    return this.#settings.fills.each([match.value], (fill) => patternOf(match, fill, this.#encoding));
  }
}

function firstFailed(step: TalkStep | undefined, detail: string): ConnectionFault {
  return { kind: "first-failed", code: null, detail: `${step?.name ?? "first"}: ${detail}` };
}
