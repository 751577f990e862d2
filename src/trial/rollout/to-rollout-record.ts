/**
 * Makes the record of what an arm went through out of what its three parts saw.
 */
import { type BackendCounts, mergeBackendCounts } from "../../backend/backend-counts.js";
import type { Backend } from "../../backend/backend-process.js";
import type { LineFigures } from "../../line/line-messages.js";
import type { ProxyDiary } from "../../proxy/proxy-diary.js";
import { divideFailures } from "../attribute-failures.js";
import type { Undivided } from "../failure-share.js";
import type { LoadResult } from "../merge-reports.js";
import { peerOf } from "../peer-of.js";
import type { RunningLoad } from "../run-load.js";
import { grownEach } from "./beside-clients.js";
import { billOf } from "./bill.js";
import { certificateBillOf, type SeenCertificate } from "./certificate-bill.js";
import type { DeadPeers } from "./dead-peers.js";
import { endingsByKind } from "./endings-by-kind.js";
import { explanationOf } from "./explain-rollout.js";
import { type Heard, windowNs } from "./heard.js";
import { lineBill } from "./line-bill.js";
import type { RolloutBill, RolloutRecord } from "./rollout-record.js";
import type { RolloutTurn } from "./rollout-settings.js";
import type { SlowReaders } from "./slow-readers.js";
import type { watchProcesses } from "./watch-processes.js";

/** The failures of the whole, put down to sides. */
export async function attributed(
  { arm }: RolloutTurn,
  { failures, opened }: LoadResult,
  diaries: readonly ProxyDiary[],
  second: Backend | null,
): Promise<readonly Undivided[]> {
  const counts = arm.backend === null ? null : await countsOf([arm.backend, second]);
  const peer = peerOf(arm);
  const diary = {
    lines: diaries.flatMap(({ lines }) => lines),
    entries: diaries.flatMap(({ entries }) => entries),
    deaths: diaries.flatMap(({ deaths }) => deaths),
    reloads: diaries.reduce((sum, { reloads }) => sum + reloads, 0),
  };
  return divideFailures(failures, { peer, backend: counts, opened, diary });
}

/** Null where one does not tell. */
async function countsOf(backends: readonly (Backend | null)[]): Promise<BackendCounts | null> {
  const reports = await Promise.all(
    backends.flatMap((backend) => (backend === null ? [] : [backend.report().catch(() => null)])),
  );
  const told = reports.flatMap((report) => report?.counts ?? []);
  return told.length === reports.length ? mergeBackendCounts(told) : null;
}

/** What was found, besides what was asked for. */
export interface Found {
  readonly clients: number;
  readonly events: readonly number[];
  readonly result: LoadResult;
  readonly failures: readonly Undivided[];
  readonly heard: Heard;
  readonly startNs: number;
  /** When the watching ended. */
  readonly endNs: number;
  readonly watch: ReturnType<typeof watchProcesses>;
  readonly proxyLog: readonly string[];
  readonly load: RunningLoad;
  /** Handshakes of new clients; null where no certificate is looked at. */
  readonly certificates: readonly SeenCertificate[] | null;
  readonly backends: RolloutRecord["backends"];
  /** Null where none were there. */
  readonly slowReaders: SlowReaders | null;
  readonly deadPeers: DeadPeers | null;
  /** When an event that lasts was over; null for one that does not. */
  readonly lastedToNs: number | null;
  /** Null where there was no line. */
  readonly line: LineFigures | null;
}

export function recordOf(turn: RolloutTurn, found: Found): RolloutRecord {
  const { arm, plan, block, reconnect } = turn;
  const { clients, events, result, failures, heard, watch, proxyLog, load } = found;
  const notes = [...heard.notes, ...result.notes];
  const firstNs = events[0] ?? found.startNs;
  const live = load.live();
  const bill = billOf({
    eventsNs: events,
    lastedToNs: found.lastedToNs,
    clients,
    windowNs,
    windows: heard.windows,
    notes,
    samples: watch.samples,
    leaders: watch.leaders(),
    byEnding: endingsByKind(failures),
    repliesLost: result.counts.totalSent - result.counts.totalReceived,
    slowAboveUs: plan.slowAboveUs,
  });
  const deadPeers = found.deadPeers?.bill() ?? null;
  return {
    arm: arm.plan.name,
    event: plan.event,
    block,
    reconnect,
    eventsMs: events.map((ns) => (ns - firstNs) / 1e6),
    watchedMs: (found.endNs - firstNs) / 1e6,
    bill,
    certificate: found.certificates === null ? null : certificateBillOf(found.certificates, firstNs),
    backends: found.backends,
    slowReaders: found.slowReaders === null ? null : slowReadersBill(found.slowReaders, bill),
    deadPeers,
    line: found.line === null ? null : lineBill(plan.event, plan.weather, found.line),
    upgrade:
      plan.event === "upgrade" ? { from: arm.proxy.version, to: turn.toVersion ?? arm.proxy.version } : null,
    explanation: explanationOf(arm, plan.event, bill, deadPeers),
    traffic: {
      messages: { sent: result.counts.totalSent, received: result.counts.totalReceived },
      connections: { requested: arm.plan.workload.connections, opened: live.opened, failed: live.failed },
      failures: failures.flatMap(({ shares }) => shares),
    },
    proxyLog,
  };
}

/** What the proxy held of them, as far as its memory grew from the event on. */
function slowReadersBill(
  { count, cut, messagesSent }: SlowReaders,
  { proxy: { rssBytesBefore, rssBytesMost } }: RolloutBill,
): RolloutRecord["slowReaders"] {
  return {
    count,
    cut: cut(),
    messagesSent: messagesSent(),
    rssBytesEach: grownEach(rssBytesBefore, rssBytesMost, count),
  };
}
