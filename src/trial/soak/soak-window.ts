/**
 * What one window of a soak held, in memory; and the whole of it so far.
 */
import type { LatencyHistogram } from "../../base/latency-histogram.js";
import type { FailureKind } from "../../load/failure.js";
import type { RecordedSeries, UpkeepCounts } from "../../load/messages.js";
import type { AttributedFailure } from "../trial-record.js";
import type { UnaskedRecord } from "../unasked-record.js";

/** Of one window alone, except where it says otherwise. Null: not measured. */
export interface SoakWindow {
  readonly index: number;
  readonly startedAtMs: number;
  readonly durationNs: number;
  /** Connections open at its end, and messages then under way. */
  readonly open: number;
  readonly inFlight: number;
  readonly sent: number;
  readonly received: number;
  readonly upkeep: UpkeepCounts;
  /** Sent, and come, in it; null where the workload wants none. */
  readonly unasked: UnaskedRecord | null;
  readonly failures: readonly { readonly kind: FailureKind; readonly count: number }[];
  readonly histograms: ReadonlyMap<RecordedSeries, LatencyHistogram>;
  /** Of the proxy at the window's end. */
  readonly rssBytes: number | null;
  readonly descriptors: number | null;
  readonly proxyCpuNs: number | null;
  /** Processor time of others than this run, as a share of one processor. */
  readonly otherShare: number | null;
}

/** One of which something did not come: nothing is said of it. */
export interface VoidWindow {
  readonly index: number;
  /** In a sentence. */
  readonly reason: string;
}

/** What is known when a soak ends, however it ends. */
export interface SoakEnding {
  readonly failures: readonly AttributedFailure[];
  /** Of the whole soak, what came after its last window included; null when it did not end by itself. */
  readonly unasked: UnaskedRecord | null;
  /** Lines of the proxy's error log. */
  readonly proxyLog: readonly string[];
  /** Processes that were not kept to the processors they were given, each in a sentence. */
  readonly misplaced: readonly string[];
  /** From the first message to the last reply, or to the moment when it was stopped. */
  readonly accounting: {
    readonly clientSent: number;
    readonly clientReceived: number;
    readonly backendReceived: number | null;
    readonly backendSent: number | null;
    /** Every time that a connection was opened, or could not be. */
    readonly connectionsOpened: number;
    readonly connectionsFailed: number;
  };
}
