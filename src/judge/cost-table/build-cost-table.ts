/**
 * Trials into the rows of the cost table: what a message and a connection cost each proxy, with intervals. Pure, so that
 * whoever has the runs gets the same figures.
 */
import type { ConnectionRow, CostFigure, CostTable, MessageRow } from "../../results/cost-table-schema.js";
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import { medianInterval } from "../../stats/median-interval.js";
import { middleOf } from "../../stats/middle-of.js";

/** What the runs alone tell of the table. */
export type CostFigures = Pick<
  CostTable,
  "runs" | "startedAt" | "finishedAt" | "otherShare" | "messages" | "connections"
> & { readonly programs: readonly Omit<CostTable["programs"][number], "sha256">[] };

/** One-sided, of a 95 % interval. */
const tail = 0.025;

/** @param documents of whole runs, in any order */
export function buildCostTable(documents: readonly RunDocument[]): CostFigures {
  const runs = [...documents].sort((a, b) => (a.runId < b.runId ? -1 : 1));
  const measured = runs.flatMap(measuredArms);
  const trials = measured.flatMap((one) => one.trials);
  return {
    runs: runs.map(({ runId }) => runId),
    startedAt: runs.map(({ startedAt }) => startedAt).sort()[0] ?? null,
    finishedAt:
      runs
        .flatMap(({ finishedAt }) => finishedAt ?? [])
        .sort()
        .at(-1) ?? null,
    otherShare: figureOf(trials, ({ generator }) => generator.otherShare),
    programs: programsOf(runs),
    messages: grouped(measured, (one) => [...keyOf(one), one.bytes, one.ratePerS]).map(messageRow),
    connections: grouped(measured, keyOf).map(connectionRow),
  };
}

type Subject = Pick<MessageRow, "kind" | "set" | "tls" | "connections">;

interface MeasuredArm {
  readonly subject: Subject;
  readonly bytes: number;
  readonly ratePerS: number | null;
  readonly trials: readonly TrialResult[];
}

function measuredArms({ scenario, arms }: RunDocument): MeasuredArm[] {
  return arms.flatMap((arm) => {
    const planned = scenario.arms.find(({ name }) => name === arm.name);
    if (planned === undefined) return [];
    const { tls, ...set } = planned.set;
    const connections = numberAt(planned.workload, "connections");
    const subject = { kind: arm.proxy.kind, set, tls: tls === "on", connections };
    const bytes = numberAt(planned.workload.message, "bytes");
    return [{ subject, bytes, ratePerS: arm.ratePerS, trials: arm.trials }];
  });
}

/** 0 where there is none: a document has its workload as it came. */
function numberAt(holder: unknown, key: string): number {
  const value = new Map(Object.entries(holder ?? {})).get(key);
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : 0;
}

/** By it rows are sorted, the config as it is before a changed one. */
function keyOf({ subject: { kind, set, tls, connections } }: MeasuredArm): readonly unknown[] {
  return [kind, Object.entries(set).flat().join(" "), tls, connections];
}

/** Those of one key together, sorted by it. */
function grouped(
  measured: readonly MeasuredArm[],
  by: (one: MeasuredArm) => readonly unknown[],
): (readonly [MeasuredArm, ...MeasuredArm[]])[] {
  const groups = new Map<string, [MeasuredArm, ...MeasuredArm[]]>();
  for (const one of measured) {
    const key = JSON.stringify(by(one));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function messageRow(group: readonly [MeasuredArm, ...MeasuredArm[]]): MessageRow {
  const [{ subject, bytes, ratePerS }] = group;
  const all = group.flatMap(({ trials }) => trials);
  const sound = all.filter(({ disqualified }) => !disqualified);
  const of = (pick: (trial: TrialResult) => number | null | undefined): CostFigure | null =>
    figureOf(sound, pick);
  return {
    ...subject,
    bytes,
    ratePerS,
    setAside: all.length - sound.length,
    figures: {
      messagesPerS: of(({ throughputPerS }) => throughputPerS),
      cpuUsPerMessage: of(({ proxyCost }) => proxyCost?.cpuUsPerMessage),
      cpuShare: of(({ proxyCost }) => proxyCost?.cpuShare),
      activeBytesPerConnection: of(({ proxyCost }) => proxyCost?.activeBytesPerConnection),
      wireP50Us: of(({ latencyUs }) => latencyUs.wire?.p50),
      wireP99Us: of(({ latencyUs }) => latencyUs.wire?.p99),
    },
  };
}

/** Connections are opened before the first message, whatever comes then. */
function connectionRow(group: readonly [MeasuredArm, ...MeasuredArm[]]): ConnectionRow {
  const [{ subject }] = group;
  const sound = group.flatMap(({ trials }) => trials).filter(({ disqualified }) => !disqualified);
  return {
    ...subject,
    figures: {
      idleBytesPerConnection: figureOf(
        sound,
        ({ proxyCost }) => proxyCost?.pssBytesPerConnection ?? proxyCost?.rssBytesPerConnection,
      ),
      openedPerS: figureOf(sound, ({ opening }) => opening?.perS),
      cpuUsPerHandshake: figureOf(sound, ({ opening }) => opening?.cpuUsPerHandshake),
    },
  };
}

/** Null where no trial tells. What is below nothing, as a difference of two counters can be, tells nothing. */
function figureOf(
  trials: readonly TrialResult[],
  pick: (trial: TrialResult) => number | null | undefined,
): CostFigure | null {
  const values = trials.flatMap((trial) => pick(trial) ?? []).filter((value) => value >= 0);
  const median = middleOf(values);
  if (median === null) return null;
  const { low, high } = medianInterval(values, tail);
  const isTold = low !== null && high !== null;
  return {
    trials: values.length,
    median,
    low: isTold ? low : null,
    high: isTold ? high : null,
    least: Math.min(...values),
    most: Math.max(...values),
  };
}

function programsOf(runs: readonly RunDocument[]): CostFigures["programs"] {
  const all = runs
    .flatMap(({ arms }) => arms.map(({ proxy }: ArmResult) => proxy))
    .map(({ kind, version, build }) => ({ kind, version, build }));
  const byText = new Map(all.map((program) => [JSON.stringify(program), program]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, program]) => program);
}
