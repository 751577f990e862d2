/**
 * Tells of a run's windows as they end: one message each, at the same instants in every thread.
 */

import type { MessagePort } from "node:worker_threads";
import type { Timers } from "../base/timers.js";
import type { ConnectionEvents } from "./connection-events.js";
import type { StartOrder, UpkeepCounts, WindowMessage } from "./messages.js";
import type { Recorder } from "./recorder.js";

interface WindowReportSettings {
  readonly order: StartOrder;
  readonly timers: Timers;
  readonly recorder: Recorder;
  readonly connections: ConnectionEvents;
  readonly port: MessagePort;
}

const nothingKeptUp: UpkeepCounts = { lost: 0, reopened: 0, churned: 0, failedTries: 0 };

/**
 * The opening and the warm-up are window -1; the last ends with the measured time. Nothing for an order without.
 * @returns tells no more
 */
export function startWindowReports(settings: WindowReportSettings): () => void {
  const { order, timers, port } = settings;
  const { windowNs, measureNs, endNs } = order;
  let cancel = (): void => undefined;
  if (windowNs === undefined) return cancel;
  const windows = Math.max(1, Math.round((endNs - measureNs) / windowNs));
  const report = (window: number): void => {
    cancel = timers.at(measureNs + (window + 1) * windowNs, () => {
      port.postMessage(messageOf(window, settings));
      if (window + 1 < windows) report(window + 1);
    });
  };
  report(-1);
  return () => cancel();
}

function messageOf(window: number, { recorder, connections }: WindowReportSettings): WindowMessage {
  return {
    window,
    open: connections.open.count,
    inFlight: recorder.exchanges.inFlight,
    counts: recorder.counts(),
    upkeep: connections.upkeep?.counts() ?? nothingKeptUp,
    unasked: connections.unasked?.counts() ?? null,
    notes: connections.upkeep?.takeNotes() ?? [],
    failures: recorder.failures.list(),
    histograms: recorder.takeHistograms(),
  };
}
