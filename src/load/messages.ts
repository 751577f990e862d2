/**
 * All that passes between the main thread and a generator thread. A trial is one task of the pool: the thread gets a
 * `ThreadJob`, says `ready` on its port when its connections are open, waits for the `StartOrder` (so that the threads
 * of a trial start together), says `drained` when its load is over, closes its connections when it is told to, and resolves
 * with its `ThreadReport`. Live figures go through shared memory, so that a thread posts nothing while it measures; only a run
 * in windows has one message a window.
 */
import type { MessagePort } from "node:worker_threads";
import type { Churn } from "../scenario/churn.js";
import type { Message } from "../scenario/message.js";
import { slicedSeries } from "../scenario/metric.js";
import type { Arrivals } from "../scenario/workload.js";
import type { FilledText } from "../websocket/filled-text.js";
import type { FilledField } from "../websocket/upgrade-request.js";
import type { CourseOrder } from "./connection-course.js";
import type { ConnectionNote } from "./connection-note.js";
import type { ObservedFailure } from "./failure.js";
import type { LoadShape } from "./shape/load-shape.js";
import type { StageReport } from "./shape/stage-figures.js";
import type { SlicesReport } from "./slice-report.js";
import type { Talk } from "./talk/talk.js";
import type { HeartbeatCounts, TalkCounts, ThreadCounts, TlsCount } from "./thread-counts.js";
import type { UnaskedCounts, UnaskedOrder } from "./unasked/unasked-order.js";

/** Where to connect and how to ask for the upgrade. */
export interface Target {
  readonly tls: boolean;
  /** An IPv4 or IPv6 address, without brackets. */
  readonly address: string;
  /** Connections go to them in turn. */
  readonly ports: readonly number[];
  /** Path and query of the request. */
  readonly path: FilledText;
  readonly hostHeader: string;
  readonly origin: string;
  /** What the user's own handshake says beside. */
  readonly fields: readonly FilledField[];
  /** Offered in this order. */
  readonly subprotocols: readonly string[];
  /** What fills path and fields, in turn for each connection; empty where all are alike. */
  readonly rows: readonly (readonly string[])[];
  /** Secrets of the messages: hidden wherever they are said again. */
  readonly hidden: readonly string[];
  /** PEM of the authority to trust; null for the system's. */
  readonly caPem: string | null;
  readonly insecure: boolean;
  /** Whether TLS sessions are resumed by later connections. */
  readonly resume: boolean;
  readonly deflate: boolean;
  /** The most WebSockets on one HTTP/2 connection; null for HTTP/1.1. */
  readonly streams: number | null;
}

export type EngineName = "ws" | "epoll" | "io_uring";

export interface ThreadJob {
  readonly engine: EngineName;
  /** Processors that the thread may use; null for any. */
  readonly cpus: readonly number[] | null;
  /** Whether the thread has real-time priority while it carries the load; left out: it has not. */
  readonly realTime?: boolean;
  readonly target: Target;
  /** Connections of this thread. */
  readonly connections: number;
  /** Addresses to connect from, in turn; empty for whichever the system takes. */
  readonly sources: readonly string[];
  /** This thread's share of the ramp; null for as fast as they are accepted. */
  readonly rampPerS: number | null;
  readonly handshakeTimeoutMs: number;
  readonly busyPoll: boolean;
  /** Seconds between two WebSocket pings of a connection; null for none. */
  readonly heartbeatS: number | null;
  /** How the connections are kept up; null: what is lost stays lost. */
  readonly upkeep: UpkeepOrder | null;
  readonly message: Message;
  readonly shape: LoadShape;
  /** What is said besides, and how replies are told; null where messages are wsrally's own. */
  readonly talk: Talk | null;
  /** What the backend sends without being asked; null: nothing. */
  readonly unasked: UnaskedOrder | null;
  /** The number, among all of the arm's connections, of this thread's first. */
  readonly firstConnection: number;
  /** One message of so many carries the backend's times; 0 for none. */
  readonly splitEvery: number;
  /** Of this machine's generators and backend, 16 hex digits; left out where all are on one clock. */
  readonly pair?: string;
  /** What may answer `ping`. */
  readonly answers: readonly string[];
  readonly seed: number;
  readonly port: MessagePort;
  /** This thread's live figures, a `Float64Array` laid out by live-figures.ts. */
  readonly live: SharedArrayBuffer;
}

export const reconnectKinds = ["at-once", "fixed", "backoff"] as const;
/** How a client comes back that has lost its connection: without a thought, after a second, or after a random, growing wait. */
export type ReconnectKind = (typeof reconnectKinds)[number];

export interface UpkeepOrder {
  readonly reconnect: ReconnectKind;
  /** Which of this thread's connections are closed, to be opened again; left out: none. */
  readonly churn?: Churn | null;
  /** How many are wanted over time; left out: all of them, all the time. */
  readonly course?: CourseOrder | null;
  /** Notes down when each connection was lost, tried again and back; left out: counts alone. */
  readonly takesNotes?: boolean;
}

/** What became of the connections since the thread's start. */
export interface UpkeepCounts {
  /** Ended, and not by the client. */
  readonly lost: number;
  /** Opened again, whatever they had ended by; and opened whose first try had failed. */
  readonly reopened: number;
  /** Closed by the client, by churn or stages. */
  readonly churned: number;
  /** Tries to open again that failed. */
  readonly failedTries: number;
}

/** Posted by the thread at the end of each window. Counts and failures are of all time up to then. */
export interface WindowMessage {
  /** From 0; -1 for the opening and the warm-up. */
  readonly window: number;
  readonly open: number;
  readonly inFlight: number;
  readonly counts: ThreadCounts;
  readonly upkeep: UpkeepCounts;
  /** Null where nothing comes unasked. */
  readonly unasked: UnaskedCounts | null;
  /** Of this window alone, in order of time; empty where none are taken. */
  readonly notes: readonly ConnectionNote[];
  readonly failures: readonly ObservedFailure[];
  /** Encoded; of this window alone: what was answered, or opened, in it. */
  readonly histograms: Readonly<Partial<Record<RecordedSeries, string>>>;
}

/** What a thread says on its port. */
export type ThreadWord = ReadyMessage | DrainedMessage | WindowMessage;

/** Posted by the thread when every connection is open or has failed. */
export interface ReadyMessage {
  readonly opened: number;
}

/** Posted by the thread when its load is over and its connections are still open, if its `StartOrder` asks for it. */
export interface DrainedMessage {
  readonly drained: true;
}

/** Answers `DrainedMessage`: the thread closes its connections. */
export interface CloseOrder {
  readonly close: true;
}

/** The load is to end now, before its time: what is under way is waited for, and the thread reports as it would have. */
export interface EndOrder {
  readonly end: true;
}

/** Times are of the shared monotonic clock, in nanoseconds. */
export interface StartOrder {
  readonly startNs: number;
  /** The measured window is from here … */
  readonly measureNs: number;
  /** … to here. */
  readonly endNs: number;
  /** When what everybody has used is read: a little before the window, and a little after it. */
  readonly readingsNs: { readonly first: number; readonly last: number };
  /** Sending goes on until the last reading is done. */
  readonly sendUntilNs: number;
  /** How long after that replies are waited for. */
  readonly drainNs: number;
  /** This thread's share of the rate; null in a closed loop. */
  readonly ratePerS: number | null;
  /** This thread's share of the messages to rooms; left out: none. */
  readonly castsPerS?: number;
  readonly arrivals: Arrivals;
  /** This thread's shift in the common schedule, in [0, 1). */
  readonly phase: number;
  /** The measured window is one of many, each this long, of which the thread tells as they end; left out: of one. */
  readonly windowNs?: number;
  /** Keeps the connections open after the load until a `CloseOrder` comes, so that they can be looked at in peace. */
  readonly waitsToClose?: boolean;
}

/** Histogram series that a thread records over the whole window. */
export const wholeSeries = [
  "uplink",
  "backend",
  "downlink",
  "sendLag",
  "connect",
  "tls",
  "upgrade",
  "push",
  "pushLag",
  "fanoutFirst",
  "fanoutMedian",
  "fanoutLast",
] as const;
export type WholeSeries = (typeof wholeSeries)[number];

/** And all, those that it records slice by slice among them. */
export const recordedSeries = [...slicedSeries, ...wholeSeries] as const;
export type RecordedSeries = (typeof recordedSeries)[number];

export interface ThreadReport {
  /** Null when no heartbeat was asked for. */
  readonly heartbeats: HeartbeatCounts | null;
  /** Null where messages are wsrally's own. */
  readonly talk: TalkCounts | null;
  /** Null where nothing comes unasked. */
  readonly unasked: UnaskedCounts | null;
  /** Empty without TLS. */
  readonly tls: readonly TlsCount[];
  /** TCP connections that the WebSockets were opened on; null where each had its own. */
  readonly tcpOpened: number | null;
  readonly opened: number;
  readonly failed: number;
  readonly startedNs: number;
  /** Connections open when the load ended. */
  readonly held: number;
  /** Null when nothing was kept up. */
  readonly upkeep: UpkeepCounts | null;
  /** Those that no window was told. */
  readonly notes: readonly ConnectionNote[];
  readonly counts: ThreadCounts;
  readonly failures: readonly ObservedFailure[];
  /** Encoded histograms of what no window was told; a series in which nothing was recorded is left out. */
  readonly histograms: Readonly<Partial<Record<RecordedSeries, string>>>;
  /** Null for a run in windows. */
  readonly slices: SlicesReport | null;
  /** How far its sends are from the arrivals asked for, as `ArrivalCheck.off` has it; null where that does not tell. */
  readonly arrivalsOff: number | null;
  /** Empty for a load without stages. */
  readonly stages: readonly StageReport[];
  /** Processor time of this thread over the window's length; null where the system does not tell. */
  readonly cpuShare: number | null;
}
