/** How many connections a trial had, and what became of those that come and go while the load goes on. */
import type { BackendReport } from "../backend/messages.js";
import { connectionsAt } from "../load/connection-course.js";
import type { StartOrder } from "../load/messages.js";
import { connectionLegsOf } from "../scenario/stages-schema.js";
import type { Workload } from "../scenario/workload.js";
import type { LoadResult } from "./merge-reports.js";
import type { ConnectionCounts } from "./trial-record.js";
import type { TrialSettings } from "./trial-settings.js";
import { comeAndGo } from "./upkeep-parts.js";

interface Counted {
  readonly settings: Pick<TrialSettings, "arm">;
  readonly order: Pick<StartOrder, "measureNs" | "endNs">;
  readonly result: Pick<LoadResult, "opened" | "failed" | "held" | "tcpOpened" | "upkeep">;
  readonly final: BackendReport | null;
}

export function connectionCountsOf({ settings, order, result, final }: Counted): ConnectionCounts {
  const { opened, failed, held, tcpOpened, upkeep } = result;
  const { connections, stages } = settings.arm.plan.workload;
  const legs = connectionLegsOf(stages);
  const loadS = (order.endNs - order.measureNs) / 1e9;
  return {
    requested: legs === null ? connections : mostWithin(legs, loadS),
    opened,
    failed,
    held,
    ...(tcpOpened === null ? {} : { tcpOpened }),
    ...(upkeep === null ? {} : { ...upkeep, atBackend: final?.counts?.upgrades ?? null }),
    ...(legs === null ? {} : { wantedAtEnd: connectionsAt(legs, loadS) }),
  };
}

/** The most that legs want up to a moment: a trial may be shorter than they are. */
function mostWithin(legs: NonNullable<ReturnType<typeof connectionLegsOf>>, loadS: number): number {
  const ends = legs.map((_, at) => legs.slice(0, at + 1).reduce((sum, { forS }) => sum + forS, 0));
  const within = legs.flatMap(({ from, to }, at) => {
    const endS = ends[at] ?? 0;
    if (endS - (legs[at]?.forS ?? 0) > loadS) return [];
    return endS <= loadS ? [from, to] : [from];
  });
  return Math.max(...within, connectionsAt(legs, loadS));
}

/** Connections that are open before the load begins. */
export function connectionsBefore({ connections, stages }: Pick<Workload, "connections" | "stages">): number {
  const legs = connectionLegsOf(stages);
  return legs === null ? connections : connectionsAt(legs, 0);
}

/** Whether each connection has a message under way at any instant of a closed loop. */
export function waitsAlways(workload: Pick<Workload, "think" | "churn" | "stages">): boolean {
  return workload.think === null && !comeAndGo(workload);
}
