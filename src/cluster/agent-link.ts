/**
 * The controller's end of one agent: asks it, hears it, runs jobs on it, and knows within a second that it is gone.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { errors, type NatsConnection } from "@nats-io/transport-node";
import { monotonicClock } from "../base/clock.js";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { untilAborted } from "../base/until-aborted.js";
import { type JobSeat, seatReply, type ThreadOrder } from "../load/carried-job.js";
import type { ThreadJob, ThreadReport } from "../load/messages.js";
import { AgentLostError } from "./agent-lost-error.js";
import { type ClockOffset, measureOffset } from "./clock-offset.js";
import { isPrivate } from "./connect-nats.js";
import { orderThere, replyHere } from "./in-its-clock.js";
import { PartReader } from "./numbered-parts.js";
import { pack, unpack } from "./packing.js";
import {
  type AgentAnswer,
  type AgentFacts,
  type AgentRequest,
  type AgentWord,
  beatEveryMs,
} from "./protocol.js";
import { subjectTo } from "./subjects.js";

/** Three beats, and a little for the way. */
const silenceNs = 0.8e9;
const answerMs = 10_000;

type AskedOfRun = AgentRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, "run">
    : never
  : never;

/** Is told that words are lost which an agent said of its jobs, in a sentence. */
export type OnGap = (words: string) => void;

/** A job that runs there, and who takes what is lost of its words; null: nobody, and it is given up. */
interface SeatedJob {
  readonly seat: JobSeat;
  onGap: OnGap | null;
}

export class AgentLink {
  readonly facts: AgentFacts;
  readonly #connection: NatsConnection;
  readonly #run: string;
  readonly #gone = new AbortController();
  readonly #parts = new PartReader();
  readonly #seats = new Map<number, SeatedJob>();
  #nextJob = 0;
  #isWatched = true;
  #clock: ClockOffset = { offsetNs: 0, rttNs: 0 };
  #skewsNs: number[] = [];

  constructor(connection: NatsConnection, run: string, facts: AgentFacts) {
    this.#connection = connection;
    this.#run = run;
    this.facts = facts;
  }

  /** Aborted with an `AgentLostError` when it is. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Whether nobody on the way, of both its legs, can read what it is told. */
  get isPrivate(): boolean {
    return isPrivate(this.#connection) && this.facts.isPrivate;
  }

  get clock(): ClockOffset {
    return this.#clock;
  }

  /** How much later than ordered its generators began, in the last trial that it took part in. */
  get startSkewsNs(): readonly number[] {
    return this.#skewsNs;
  }

  /** @throws EnvironmentError where another run has it; AgentLostError */
  async hire(): Promise<void> {
    await this.#ask({ kind: "hire", run: this.#run });
    void this.#watch();
  }

  async release(): Promise<void> {
    this.#isWatched = false;
    if (this.gone.aborted) return;
    await this.ask({ kind: "release" }).catch(() => undefined);
  }

  /** Its clock against ours, as it stands now. @throws AgentLostError */
  async settleClock(): Promise<void> {
    this.#skewsNs = [];
    this.#clock = await measureOffset(async () => {
      const answer = await this.#ask({ kind: "clock" });
      return answer.kind === "clock" ? answer.atNs : Number.NaN;
    }, monotonicClock.now);
  }

  /** @param timeout ms. @throws AgentLostError as soon as it is gone; EnvironmentError in the agent's words */
  ask(request: AskedOfRun, timeout = answerMs): Promise<AgentAnswer> {
    return untilAborted(this.#ask({ ...request, run: this.#run } as AgentRequest, timeout), this.gone);
  }

  /**
   * Runs a thread's part of a trial there.
   * @param onGap left out: it is given up where a word of it is lost
   * @throws AgentLostError, the signal's reason when aborted
   */
  async run(
    { port, live, ...order }: ThreadJob,
    signal: AbortSignal,
    onGap: OnGap | null = null,
  ): Promise<ThreadReport> {
    signal.throwIfAborted();
    this.gone.throwIfAborted();
    const job = this.#nextJob++;
    let startNs: number | null = null;
    const either = AbortSignal.any([signal, this.gone]);
    let onAbort = (): void => undefined;
    try {
      const report = await new Promise<ThreadReport>((resolve, reject) => {
        onAbort = () => reject(either.reason);
        either.addEventListener("abort", onAbort);
        const seat = { port, figures: new Float64Array(live), resolve, reject };
        const seated: SeatedJob = { seat, onGap: null };
        this.#seats.set(job, seated);
        port.on("message", (given: ThreadOrder) => {
          const theirs = orderThere(given, this.#clock);
          if ("startNs" in theirs) {
            startNs = theirs.startNs;
            // What was lost before may be that it was ready.
            seated.onGap = onGap;
          }
          this.ask({ kind: "order", job, order: theirs }).catch(reject);
        });
        this.ask({ kind: "job", job, order }).catch(reject);
      });
      if (startNs !== null) this.#skewsNs.push(report.startedNs - startNs);
      return report;
    } finally {
      either.removeEventListener("abort", onAbort);
      this.#seats.delete(job);
      port.close();
      if (signal.aborted && !this.gone.aborted)
        await this.ask({ kind: "cancel", job }).catch(() => undefined);
    }
  }

  /** A part that it has said. */
  hear(part: Uint8Array): void {
    try {
      const word = this.#parts.read(part) as AgentWord | undefined;
      this.#tellOfGaps();
      const seat = word === undefined ? undefined : this.#seats.get(word.job)?.seat;
      if (seat !== undefined && word !== undefined) seatReply(seat, replyHere(word.reply, this.#clock));
    } catch (thrown) {
      this.#lose(`said what nobody understands (${messageOf(thrown)})`);
    }
  }

  /** Beats until it is released or lost. NATS knows at once when it has left; a host that stands still is silent. */
  async #watch(): Promise<void> {
    let heardNs = monotonicClock.now();
    while (this.#isWatched && !this.gone.aborted) {
      const askedNs = monotonicClock.now();
      this.#exchange({ kind: "beat", run: this.#run }, silenceNs / 1e6).then(
        (answer) => {
          if (askedNs > heardNs) heardNs = askedNs;
          if (answer.kind === "failed") this.#lose(`gave up: ${answer.message}`);
          if (answer.kind !== "beating") return;
          // NATS keeps the order: what was said before this answer is here, or will never be.
          this.#parts.settle(answer.parts);
          this.#tellOfGaps();
        },
        // One that is late may yet be followed by another.
        () => undefined,
      );
      await sleep(beatEveryMs);
      const wokeNs = monotonicClock.now();
      // Where this process was not running either, nobody was silent.
      if (wokeNs - askedNs > 2 * beatEveryMs * 1e6) heardNs = wokeNs;
      if (wokeNs - heardNs > silenceNs) this.#lose(`was not heard of for ${silenceNs / 1e9} s`);
    }
  }

  /** What its jobs are told is incomplete: none of them counts, but those that take it. */
  #tellOfGaps(): void {
    const lost = this.#parts.takeLost();
    if (lost === 0) return;
    const error = new AgentLostError(this.facts.name, "said something that did not come");
    let goesOn = false;
    for (const { seat, onGap } of this.#seats.values()) {
      if (onGap === null) seat.reject(error);
      else onGap(error.message);
      goesOn ||= onGap !== null;
    }
    if (goesOn) void this.#giveUpEnded(error);
  }

  /** What is lost may be the last that a job had to say: its end would be waited for in vain. */
  async #giveUpEnded(error: AgentLostError): Promise<void> {
    const asked = [...this.#seats];
    const answer = await this.ask({ kind: "jobs" }).catch(() => null);
    // NATS keeps the order: the report of a job that had ended is here, and its seat is free, or will never be.
    const running = answer?.kind === "running" ? answer.jobs : [];
    for (const [job, { seat }] of asked) if (!running.includes(job)) seat.reject(error);
  }

  #lose(how: string): void {
    if (!this.gone.aborted && this.#isWatched) this.#gone.abort(new AgentLostError(this.facts.name, how));
  }

  /** @throws AgentLostError where it is gone; EnvironmentError in the agent's words, or where it does not answer */
  async #ask(request: AgentRequest, timeout = answerMs): Promise<AgentAnswer> {
    const { name } = this.facts;
    const answer = await this.#exchange(request, timeout).catch((thrown: unknown) => {
      if (thrown instanceof EnvironmentError) throw thrown;
      throw new EnvironmentError(`Agent ${name} gave no answer (${request.kind}): ${messageOf(thrown)}`, {
        cause: thrown,
      });
    });
    if (answer.kind === "failed") throw new EnvironmentError(`Agent ${name}: ${answer.message}`);
    return answer;
  }

  /** @throws AgentLostError where it is gone; what NATS throws where nothing comes in time */
  async #exchange(request: AgentRequest, timeout: number): Promise<AgentAnswer> {
    this.gone.throwIfAborted();
    const subject = subjectTo(this.facts.name);
    try {
      const message = await this.#connection.request(subject, pack(request), { timeout });
      return unpack(message.data) as AgentAnswer;
    } catch (thrown) {
      if (isLeft(thrown)) this.#lose("has left the NATS server");
      else if (this.#connection.isClosed()) this.#lose("cannot be asked: the NATS server has gone");
      this.gone.throwIfAborted();
      throw thrown;
    }
  }
}

function isLeft(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return thrown instanceof errors.NoRespondersError || cause instanceof errors.NoRespondersError;
}
