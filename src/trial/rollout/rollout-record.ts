/**
 * What an event cost the clients that were connected: the bill. Times are in milliseconds from the first event, and
 * latencies in microseconds; null where there is nothing to tell, or too little.
 */
import type { FailureKind, FailureSide } from "../../load/failure.js";
import type { ReconnectKind } from "../../load/messages.js";
import type { Traffic } from "../traffic-record.js";
import type { CertificateBill } from "./certificate-bill.js";
import type { DeadPeersBill } from "./dead-peers.js";
import type { LineBill } from "./line-bill.js";
import type { RolloutEvent } from "./rollout-event.js";

/** Of replies, from when their messages were due. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p99: number | null;
}

/** Connections that were lost alike. */
export interface LostAlike {
  readonly kind: FailureKind;
  readonly side: FailureSide;
  /** Of the close frame; null for an end without one. */
  readonly closeCode: number | null;
  readonly count: number;
  /** Why, in a few words; null where nothing tells. */
  readonly cause: string | null;
}

/** One step of the course. */
export interface RolloutPoint {
  /** Its beginning. */
  readonly atMs: number;
  /** Clients connected at its end. */
  readonly open: number;
  /** Openings begun in it by clients that had lost theirs. */
  readonly reconnects: number;
  readonly p50: number | null;
  readonly p99: number | null;
  /** The proxy's processes at its end, and those of them that were there before the first event; null where not seen. */
  readonly processes: number | null;
  readonly oldProcesses: number | null;
  readonly rssBytes: number | null;
}

export interface RolloutBill {
  /** Connected when the first event came. */
  readonly clients: number;
  readonly lost: { readonly count: number; readonly byEnding: readonly LostAlike[] };
  /** When the first and the last client were lost. */
  readonly lostMs: { readonly first: number; readonly last: number } | null;
  /** Messages sent that were never answered. */
  readonly repliesLost: number;
  /** How long each client that came back was without a connection. */
  readonly downMs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
  readonly reconnects: {
    /** Openings begun, those that failed among them. */
    readonly tries: number;
    readonly failedTries: number;
    readonly worstPer100Ms: number;
    /** From the first event; null when not all came back. */
    readonly allBackAfterMs: number | null;
    readonly notBack: number;
  };
  readonly latencyUs: {
    readonly before: Percentiles;
    readonly during: Percentiles;
    readonly after: Percentiles;
  };
  /** For how long a window's p99 was above `aboveUs`, from the first event on; null where none had messages enough. */
  readonly slow: { readonly aboveUs: number; readonly forMs: number | null };
  readonly proxy: {
    readonly processesBefore: number | null;
    readonly processesMost: number | null;
    readonly processesAfter: number | null;
    /** From before the first event, and still there at the end. */
    readonly oldProcessesLeft: number | null;
    readonly rssBytesBefore: number | null;
    readonly rssBytesMost: number | null;
    readonly rssBytesAfter: number | null;
  };
  readonly series: readonly RolloutPoint[];
}

export interface RolloutRecord {
  readonly arm: string;
  readonly event: RolloutEvent;
  readonly block: number;
  readonly reconnect: ReconnectKind;
  /** Of each event, from the first. */
  readonly eventsMs: readonly number[];
  /** How long after the first event the run was watched. */
  readonly watchedMs: number;
  readonly bill: RolloutBill;
  /** What new clients saw of a new certificate; null for other events. */
  readonly certificate: CertificateBill | null;
  /** From which version to which an upgrade went; null for other events. */
  readonly upgrade: { readonly from: string | null; readonly to: string | null } | null;
  /** WebSockets open at the end at the backend from before the last switch and at the one after it; null for other events. */
  readonly backends: { readonly before: number; readonly after: number } | null;
  /** Of those that stopped reading; null for other events. */
  readonly slowReaders: {
    readonly count: number;
    /** Whose connections ended. */
    readonly cut: number;
    readonly messagesSent: number;
    /** By how much the proxy's memory grew, over their number; null where it is not seen to. */
    readonly rssBytesEach: number | null;
  } | null;
  /** Of those whose links were cut; null for other events. */
  readonly deadPeers: DeadPeersBill | null;
  /** Of the line between clients and proxy; null where there was none. */
  readonly line: LineBill | null;
  /** What of the proxy's config brought it about; null where nothing tells. */
  readonly explanation: { readonly cause: string; readonly cure: string } | null;
  readonly traffic: Traffic;
  readonly proxyLog: readonly string[];
}
