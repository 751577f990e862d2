/**
 * Matches replies to messages and keeps a thread's counts and histograms. A message belongs to the measured window by
 * its intended send; its reply is recorded whenever it comes.
 */
import { LatencyRecorder } from "../base/latency-recorder.js";
import type { ReadStamps } from "../base/stamped-message.js";
import { isUtf8Range } from "../websocket/is-utf8-range.js";
import { Exchanges } from "./exchanges.js";
import { type FailureStage, FailureTally } from "./failure.js";
import type { LiveWriter } from "./live-figures.js";
import { type MessageSource, wrongReply } from "./message-source.js";
import { type RecordedSeries, recordedSeries, type StartOrder, type ThreadCounts } from "./messages.js";

const tooLate = "none came before the trial's end";

/** What a reply turned out to be. */
export type ReplyOutcome = "answer" | "wrong" | "unasked" | "not-utf8";

export class Recorder {
  readonly failures = new FailureTally();
  readonly exchanges: Exchanges;
  readonly #source: MessageSource;
  readonly #live: LiveWriter;
  readonly #recorders: Readonly<Record<RecordedSeries, LatencyRecorder>>;
  readonly #roundTrip: LatencyRecorder;
  readonly #wire: LatencyRecorder;
  readonly #response: LatencyRecorder;
  readonly #sendLag: LatencyRecorder;
  readonly #counts = {
    windowSent: 0,
    windowReceived: 0,
    windowDue: 0,
    repliesInWindow: 0,
    roundTripsInWindowNs: 0,
    totalSent: 0,
    totalReceived: 0,
  };
  #measureNs = Number.POSITIVE_INFINITY;
  #endNs = Number.POSITIVE_INFINITY;
  #open = false;
  #lateAfterNs = Number.POSITIVE_INFINITY;

  constructor(connections: number, source: MessageSource, live: LiveWriter) {
    this.exchanges = new Exchanges(connections);
    this.#source = source;
    this.#live = live;
    this.#recorders = Object.fromEntries(
      recordedSeries.map((series) => [series, new LatencyRecorder()]),
    ) as Record<RecordedSeries, LatencyRecorder>;
    this.#roundTrip = this.#recorders.roundTrip;
    this.#wire = this.#recorders.wire;
    this.#response = this.#recorders.response;
    this.#sendLag = this.#recorders.sendLag;
  }

  /** Sets the measured window; replies past the drain's end are late. */
  begin({ measureNs, endNs, sendUntilNs, drainNs, ratePerS }: StartOrder): void {
    this.#measureNs = measureNs;
    this.#endNs = endNs;
    this.#lateAfterNs = sendUntilNs + drainNs;
    this.#open = ratePerS !== null;
  }

  record(series: RecordedSeries, valueNs: number): void {
    this.#recorders[series].record(valueNs);
  }

  /** A message fell due in an open loop, whether or not it can be sent. */
  due(intendedNs: number): void {
    if (this.#isInWindow(intendedNs)) this.#counts.windowDue++;
  }

  sent(connection: number, intendedNs: number, sentNs: number): void {
    this.exchanges.sent(connection, intendedNs, sentNs);
    this.#counts.totalSent++;
    this.#live.add("sent");
    if (!this.#isInWindow(intendedNs)) return;
    this.#counts.windowSent++;
    if (this.#open) this.#sendLag.record(sentNs - intendedNs);
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
    const sequence = this.#source.check(data, start, end, isBinary);
    if (sequence === wrongReply) {
      // No reply, but a broken frame: its connection ends by it, and what was under way is missing.
      if (!isBinary && !isUtf8Range(data, start, end)) return "not-utf8";
      this.failures.add("reply-wrong", `got ${describe(data.subarray(start, end), isBinary)}`);
      // Altered or not, it stands for the oldest message under way, which otherwise would count as missing too.
      return this.exchanges.answered(connection, -1) === -1 ? "unasked" : "wrong";
    }
    const slot = this.exchanges.answered(connection, sequence);
    if (slot === -1) {
      this.failures.add(
        "reply-duplicate",
        `a reply to no message under way: ${describe(data.subarray(start, end), isBinary)}`,
      );
      return "unasked";
    }
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
    for (const series of recordedSeries) this.#recorders[series].clear();
    return encoded;
  }

  /** Encoded; series in which nothing was recorded are left out. */
  encodedHistograms(): Partial<Record<RecordedSeries, string>> {
    const encoded: Partial<Record<RecordedSeries, string>> = {};
    for (const series of recordedSeries) {
      const histogram = this.#recorders[series].toHistogram();
      if (histogram.count > 0) encoded[series] = histogram.encode();
    }
    return encoded;
  }

  #answered(intendedNs: number, sentNs: number, nowNs: number, stampNs: number): void {
    this.#counts.totalReceived++;
    this.#live.add("received");
    this.#live.addLatency(nowNs - sentNs);
    if (nowNs > this.#lateAfterNs) this.failures.add("reply-late", "came after the drain's end");
    if (this.#isInWindow(nowNs)) {
      this.#counts.repliesInWindow++;
      this.#counts.roundTripsInWindowNs += nowNs - sentNs;
    }
    if (!this.#isInWindow(intendedNs)) return;
    this.#counts.windowReceived++;
    this.#roundTrip.record(nowNs - sentNs);
    if (this.#source.stamps !== null) this.#split(this.#source.stamps, sentNs, stampNs);
    if (!Number.isNaN(stampNs)) this.#wire.record(stampNs - sentNs);
    if (this.#open) this.#response.record(nowNs - intendedNs);
  }

  /** Only where all three parts are known, so that they add up to the wire time. */
  #split({ receivedNs, answeredNs }: ReadStamps, sentNs: number, stampNs: number): void {
    if (Number.isNaN(receivedNs + answeredNs + stampNs)) return;
    this.record("uplink", receivedNs - sentNs);
    this.record("backend", answeredNs - receivedNs);
    this.record("downlink", stampNs - answeredNs);
  }

  #missing(count: number, stage: FailureStage, why: string): void {
    this.failures.add("reply-missing", why, { stage, count });
  }

  #isInWindow(timeNs: number): boolean {
    return timeNs >= this.#measureNs && timeNs < this.#endNs;
  }
}

function describe(data: Buffer, isBinary: boolean): string {
  const head = data.subarray(0, 24);
  const words = isBinary ? head.toString("hex") : JSON.stringify(head.toString("utf8"));
  return `${data.length} bytes ${isBinary ? "binary" : "text"} ${words}${data.length > 24 ? "…" : ""}`;
}
