/**
 * What one trial measured, in memory: exact counts and whole histograms. results/ turns it into the run document.
 */
import type { OthersCounts } from "../backend/backend-counts.js";
import type { LatencyHistogram } from "../base/latency-histogram.js";
import type { LogCause } from "../diagnosis/log-cause.js";
import type { LineFigures } from "../line/line-messages.js";
import type { FailureKind, FailureSide } from "../load/failure.js";
import type { RecordedSeries } from "../load/messages.js";
import type { HeartbeatCounts, TalkCounts, ThreadCounts, TlsCount } from "../load/thread-counts.js";
import type { ProxyLogEntry } from "../proxy/proxy-diary.js";
import type { ProxyCost } from "./proxy-cost.js";
import type { ResidenceRecord, ResidenceSeries } from "./residence-record.js";
import type { StageRecord } from "./stage-record.js";
import type { TrialSlices } from "./trial-slices.js";
import type { UnaskedRecord } from "./unasked-record.js";
import type { TrialOpening } from "./watch-opening.js";

export interface AttributedFailure {
  readonly kind: FailureKind;
  readonly side: FailureSide;
  readonly count: number;
  readonly example: string;
  /** Why, in a few words; null where nothing tells. */
  readonly cause: string | null;
  /** The same by its id, where the proxy's log told it. */
  readonly causeId: LogCause | null;
  /** The message of the proxy's log entry that tells of it; null for none. */
  readonly logMessage: string | null;
}

/** The three that share the machine. */
export type Part = "generator" | "proxy" | "backend";

export interface ConnectionCounts {
  readonly requested: number;
  readonly opened: number;
  readonly failed: number;
  readonly held: number;
  /** TCP connections that they were opened on; absent where each had its own. */
  readonly tcpOpened?: number;
  /** Absent where connections neither come nor go while the load goes on. */
  readonly lost?: number;
  readonly churned?: number;
  readonly reopened?: number;
  readonly failedTries?: number;
  /** Upgrades that the backend answered; null for a foreign one. */
  readonly atBackend?: number | null;
  /** That stages wanted when the load ended; absent where they say nothing of connections. */
  readonly wantedAtEnd?: number;
}

export interface GeneratorHealth {
  readonly cpuShare: number | null;
  readonly sendLagUsP99: number | null;
  readonly arrivalsOff: number | null;
  readonly wireGapUsP50: number | null;
  readonly wireGapUsP99: number | null;
  readonly littlesLawRatio: number | null;
  readonly stealShare: number | null;
  readonly otherShare: number | null;
  readonly healthy: boolean;
  readonly reasons: readonly string[];
}

/** Of a whole trial, with the bytes of their payloads. */
interface BackendMessages {
  readonly received: number;
  readonly sent: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export interface TrialRecord {
  readonly arm: string;
  readonly block: number;
  /** Which of the scenario's rounds it was run in. */
  readonly round: number;
  /** Place within the block, from 0. */
  readonly position: number;
  readonly startedAtMs: number;
  /** When the measured window opened, in milliseconds since the epoch. */
  readonly measuredAtMs: number;
  readonly durationNs: number;
  readonly warmupNs: number;
  readonly engine: string;
  /** What TLS agreed on, by connections; empty without TLS. */
  readonly tls: readonly TlsCount[];
  /** Null when no heartbeat was asked for. */
  readonly heartbeats: HeartbeatCounts | null;
  /** What was said besides the load; null where messages are wsrally's own. */
  readonly talk: TalkCounts | null;
  /** What the backend sent unasked; null where nothing of it was asked for. */
  readonly unasked: UnaskedRecord | null;
  /** What the line between clients and proxy did, from the load's beginning; null where there was none. */
  readonly line: LineFigures | null;
  /** What was seen of messages at the proxy; null where nobody asked. */
  readonly residence: ResidenceRecord | null;
  readonly connections: ConnectionCounts;
  /** Null for what somebody else runs. */
  readonly opening: TrialOpening | null;
  readonly counts: ThreadCounts;
  /** Messages of the whole trial as the backend counted them; null for a foreign one. */
  readonly backendMessages: BackendMessages | null;
  /** What others sent to the backend behind somebody else's proxy; null behind one of ours. */
  readonly others: OthersCounts | null;
  /** Offered to the arm; null in a closed loop. */
  readonly ratePerS: number | null;
  readonly histograms: ReadonlyMap<RecordedSeries | ResidenceSeries, LatencyHistogram>;
  /** Null where the window was in one piece. */
  readonly slices: TrialSlices | null;
  /** Whether its slices are slots: its load went in turns with that of others. */
  readonly inSlots: boolean;
  /** Empty for a load without stages. */
  readonly stages: readonly StageRecord[];
  readonly failures: readonly AttributedFailure[];
  /** Null when there is no proxy whose processes could be seen. */
  readonly proxyCost: ProxyCost | null;
  readonly generator: GeneratorHealth;
  readonly backendCpuShare: number | null;
  readonly busiest: Part | null;
  /** Processes that were not, or might not have been, on the processors they were given, each in a sentence. */
  readonly misplaced: readonly string[];
  readonly proxyLog: readonly string[];
  /** The same by message. */
  readonly proxyLogEntries: readonly ProxyLogEntry[];
  /** Why the trial is out of the comparison; empty when it is in. */
  readonly disqualifiedBecause: readonly string[];
}
