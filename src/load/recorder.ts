/**
 * Matches replies to messages and keeps a thread's counts and histograms. A message belongs to the measured window by
 * its intended send; its reply is recorded whenever it comes.
 */
import { monotonicClock } from "../base/clock.js";
import { LatencyRecorder } from "../base/latency-recorder.js";
import type { ReadStamps } from "../base/stamped-message.js";
import { isUtf8Range } from "../websocket/is-utf8-range.js";
import { type ArrivalCheck, createArrivalCheck } from "./arrival-check.js";
import { describeMessage } from "./describe-message.js";
import { encodeSeries } from "./encode-series.js";
import { Exchanges } from "./exchanges.js";
import { type FailureStage, FailureTally } from "./failure.js";
import type { LiveWriter } from "./live-figures.js";
import { type MessageSource, rightUnnumbered, serversOwn } from "./message-source.js";
import type { RecordedSeries, StartOrder, WholeSeries } from "./messages.js";
import type { LoadShape } from "./shape/load-shape.js";
import { StageFigures, type StageReport } from "./shape/stage-figures.js";
import type { SlicesReport } from "./slice-report.js";
import { Slices } from "./slices.js";
import { type ThreadCounts, zeroCounts } from "./thread-counts.js";

const tooLate = "none came before the trial's end";

/** What a reply turned out to be. */
type ReplyOutcome = "answer" | "wrong" | "unasked" | "not-utf8";

export class Recorder {
  readonly failures: FailureTally;
  readonly exchanges: Exchanges;
  /** When the load began; 0 before it has. */
  startedNs = 0;
  readonly #source: MessageSource;
  readonly #live: LiveWriter;
  /** Of what has been recorded. */
  readonly #recorders: Partial<Record<WholeSeries, LatencyRecorder>> = {};
  readonly #slices = new Slices();
  /** Null where a load has no stages. */
  #stages: StageFigures | null = null;
  readonly #sendLag = new LatencyRecorder();
  readonly #counts = zeroCounts();
  #measureNs = Number.POSITIVE_INFINITY;
  #endNs = Number.POSITIVE_INFINITY;
  #open = false;
  /** Null where there is no one rate that the sends could be held to. */
  #arrivals: ArrivalCheck | null = null;
  #isWhole = false;
  #lateAfterNs = Number.POSITIVE_INFINITY;

  /** @param hide takes out of a failure's example what is secret in it */
  constructor(connections: number, source: MessageSource, live: LiveWriter, hide?: (text: string) => string) {
    this.failures = new FailureTally(hide, (kind, count) => {
      if (kind !== "reply-missing") this.#stages?.failed(monotonicClock.now(), count);
    });
    this.exchanges = new Exchanges(connections);
    this.#source = source;
    this.#live = live;
    this.#recorders.sendLag = this.#sendLag;
  }

  /** Sets the measured window; replies past the drain's end are late. */
  begin(order: StartOrder, shape: LoadShape): void {
    const { measureNs, endNs, sendUntilNs, drainNs, ratePerS, windowNs } = order;
    this.#slices.begin({ measureNs, endNs }, windowNs !== undefined);
    this.#isWhole = windowNs !== undefined;
    const { stageEndsS } = shape;
    this.#stages = stageEndsS.length === 0 ? null : new StageFigures(stageEndsS, measureNs);
    this.#measureNs = measureNs;
    this.#endNs = endNs;
    this.#lateAfterNs = sendUntilNs + drainNs;
    this.#open = ratePerS !== null;
    this.#arrivals = createArrivalCheck(order, shape);
  }

  /** The load begins now. */
  started(): void {
    this.startedNs = monotonicClock.now();
  }

  record(series: WholeSeries, valueNs: number): void {
    let recorder = this.#recorders[series];
    if (recorder === undefined) {
      recorder = new LatencyRecorder();
      this.#recorders[series] = recorder;
    }
    recorder.record(valueNs);
  }

  /** A message fell due in an open loop, whether or not it can be sent. */
  due(intendedNs: number): void {
    if (!this.isInWindow(intendedNs)) return;
    this.#counts.windowDue++;
    this.#stages?.due(intendedNs);
  }

  /** Whether it lies in the measured window. */
  isInWindow(timeNs: number): boolean {
    return timeNs >= this.#measureNs && timeNs < this.#endNs;
  }

  /** @param bytes of its payload */
  sent(connection: number, intendedNs: number, sentNs: number, bytes: number): void {
    this.exchanges.sent(connection, intendedNs, sentNs);
    this.#counts.totalSent++;
    this.#counts.totalSentBytes += bytes;
    this.#live.add("sent");
    if (!this.isInWindow(intendedNs)) return;
    this.#counts.windowSent++;
    this.#stages?.sent(intendedNs);
    if (!this.#open) return;
    this.#sendLag.record(sentNs - intendedNs);
    this.#arrivals?.sent(sentNs);
  }

  /** A message that nobody replies to. @param bytes of its payload */
  sentAlone(connection: number, bytes: number): void {
    this.exchanges.skip(connection);
    this.#counts.totalSent++;
    this.#counts.totalSentBytes += bytes;
    this.#live.add("sent");
  }

  /**
   * A message came: the bytes [start, end). This runs for every message, so the parts are arguments and not an object.
   * @param stampNs when the kernel received it, or NaN
   */
  replied(
    connection: number,
    data: Buffer,
    start: number,
    end: number,
    isBinary: boolean,
    nowNs: number,
    stampNs: number,
  ): ReplyOutcome {
    const sequence = this.#source.check(data, start, end, isBinary, connection);
    if (sequence < rightUnnumbered) {
      if (sequence === serversOwn) {
        this.#counts.totalReceived++;
        this.#counts.totalReceivedBytes += end - start;
        return "unasked";
      }
      // No reply, but a broken frame: its connection ends by it, and what was under way is missing.
      if (!isBinary && !isUtf8Range(data, start, end)) return "not-utf8";
      this.failures.add("reply-wrong", `got ${describeMessage(data.subarray(start, end), isBinary)}`);
      // Altered or not, it stands for the oldest message under way, which otherwise would count as missing too.
      return this.#spoilt(this.exchanges.answered(connection, -1));
    }
    const slot = this.exchanges.answered(connection, sequence);
    if (slot === -1) {
      this.failures.add(
        "reply-duplicate",
        `a reply to no message under way: ${describeMessage(data.subarray(start, end), isBinary)}`,
      );
      return "unasked";
    }
    this.#counts.totalReceivedBytes += end - start;
    this.#answered(this.exchanges.intendedNs(slot), this.exchanges.sentNs(slot), nowNs, stampNs);
    return "answer";
  }

  /**
   * A connection ended: what was under way on it gets no reply.
   * @param isOver whether the trial was over, and the connection closed for that
   */
  ended(connection: number, isOver: boolean): void {
    const count = this.exchanges.abandon(connection);
    if (isOver) this.#missing(count, "open", tooLate);
    else this.#missing(count, "ended", "its connection ended first");
  }

  /** The trial is over: what is still under way gets no reply. */
  finish(): void {
    this.#missing(this.exchanges.inFlight, "open", tooLate);
  }

  counts(): ThreadCounts {
    return { ...this.#counts };
  }

  /** As `encodedHistograms`, and begins anew. */
  takeHistograms(): Partial<Record<RecordedSeries, string>> {
    const encoded = this.encodedHistograms();
    for (const recorder of Object.values(this.#recorders)) recorder.clear();
    this.#slices.clear();
    return encoded;
  }

  /** Encoded; series in which nothing was recorded are left out. */
  encodedHistograms(): Partial<Record<RecordedSeries, string>> {
    return encodeSeries(this.#slices, this.#recorders);
  }

  /** As `ThreadReport.arrivalsOff`. */
  arrivalsOff(): number | null {
    return this.#arrivals?.off() ?? null;
  }

  /** Null for a run in windows. */
  slices(): SlicesReport | null {
    return this.#isWhole ? null : this.#slices.toReport();
  }

  /** Empty where a load has none. */
  stages(): readonly StageReport[] {
    return this.#stages?.toReport() ?? [];
  }

  #answered(intendedNs: number, sentNs: number, nowNs: number, stampNs: number): void {
    this.#counts.totalReceived++;
    this.#live.add("received");
    this.#live.addLatency(nowNs - sentNs);
    if (nowNs > this.#lateAfterNs) this.failures.add("reply-late", "came after the drain's end");
    if (this.isInWindow(nowNs)) {
      this.#counts.repliesInWindow++;
      this.#counts.roundTripsInWindowNs += nowNs - sentNs;
    }
    if (!this.isInWindow(intendedNs)) return;
    this.#counts.windowReceived++;
    this.#stages?.answered(intendedNs, sentNs, nowNs, stampNs);
    const slice = this.#slices.at(intendedNs);
    this.#slices.answered(slice, intendedNs, sentNs, nowNs, stampNs, this.#open);
    if (this.#source.stamps !== null) this.#split(this.#source.stamps, slice, sentNs, stampNs);
  }

  /** Only where all three parts are known, so that they add up to the wire time. */
  #split({ receivedNs, answeredNs }: ReadStamps, slice: number, sentNs: number, stampNs: number): void {
    if (Number.isNaN(receivedNs + answeredNs + stampNs)) return;
    this.record("uplink", receivedNs - sentNs);
    this.record("backend", answeredNs - receivedNs);
    this.#slices.backendTook(slice, answeredNs - receivedNs);
    this.record("downlink", stampNs - answeredNs);
  }

  #spoilt(slot: number): ReplyOutcome {
    if (slot === -1) return "unasked";
    const dueNs = this.exchanges.intendedNs(slot);
    if (this.isInWindow(dueNs)) this.#stages?.spoilt(dueNs);
    return "wrong";
  }

  #missing(count: number, stage: FailureStage, why: string): void {
    this.failures.add("reply-missing", why, { stage, count });
  }
}
