/**
 * A rollout: the bill in a sentence, the bills of all beside each other, and the course of each.
 */

import type { RolloutComparison } from "../../results/rollout-comparison-schema.js";
import type { Rollout, RolloutPointResult } from "../../results/rollout-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { firstWhenBrief, renderPlotStack } from "../draw/point-section.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { absent, formatBytes, formatCount } from "../words/format.js";
import { heading, leadLines, legendText } from "../words/words.js";
import { renderRolloutComparisons } from "./rollout-comparison-section.js";
import { formatMs, rolloutSentence, sidesText } from "./rollout-words.js";

/** What each cost, a sentence for every arm and policy of its clients. */
export function renderRolloutAnswer(
  rollouts: readonly Rollout[],
  status: RunDocument["status"],
  page: Page,
): string[] {
  const groups = alike(rollouts);
  const hasMany = groups.length > 1;
  const lines = groups.flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const worst = members.reduce((a, b) => (b.lost.count > a.lost.count ? b : a));
    const { lead, rest } = rolloutSentence(worst, { isOneOfMany: groups.length > 2 });
    const of = hasMany ? `${rolloutName(first, rollouts)}: ` : "";
    const rounds = members.length === 1 ? "" : ` (the worst of ${formatCount(members.length)} times)`;
    return leadLines(`${of}${lead}`, `${rest}${rounds}`, {
      page,
      style: worst.lost.count === 0 ? "green" : worst.reconnects.notBack > 0 ? "red" : "yellow",
    });
  });
  const state =
    status === "interrupted"
      ? "It was stopped before all was done."
      : status === "failed"
        ? "It failed before all was done."
        : "";
  return [...lines, ...(state === "" ? [] : wrapText(state, page.width))];
}

/** What tells it from the others: the arm, and how its clients come back where not all do it alike. */
export function rolloutName({ arm, reconnect }: Rollout, all: readonly Rollout[]): string {
  return `${escapeControls(arm)}${hasPolicies(all) ? `, clients ${reconnect}` : ""}`;
}

function hasPolicies(rollouts: readonly Rollout[]): boolean {
  return rollouts.some(({ reconnect }) => reconnect !== rollouts[0]?.reconnect);
}

/** Those of one arm under one policy of its clients together. */
function alike(rollouts: readonly Rollout[]): readonly (readonly Rollout[])[] {
  const groups = new Map<string, Rollout[]>();
  for (const rollout of rollouts) {
    const key = JSON.stringify([rollout.arm, rollout.reconnect]);
    groups.set(key, [...(groups.get(key) ?? []), rollout]);
  }
  return [...groups.values()];
}

/** What stands below the answer, a section each. */
export function renderRolloutDetails(
  rollouts: readonly Rollout[],
  comparisons: readonly RolloutComparison[],
  page: Page,
): string[][] {
  return [
    renderCures(rollouts, page),
    renderRolloutComparisons(comparisons, page),
    renderBill(rollouts, page),
    renderLatency(rollouts, page),
    ...rollouts
      .filter(({ block }) => block === 0)
      .map((rollout) => renderCourse(rollout, rolloutName(rollout, rollouts), page)),
  ];
}

/** Which directive of the proxy brought it about, and what to write instead. */
export function renderCures(rollouts: readonly Rollout[], page: Page): string[] {
  const cures = new Map(
    rollouts.flatMap(({ arm, explanation }) => (explanation == null ? [] : [[arm, explanation] as const])),
  );
  return [...cures].flatMap(([arm, { cause, cure }]) => {
    const [first = "", ...pasted] = cure.split("\n");
    return [
      ...wrapText(`${escapeControls(arm)}: ${escapeControls(cause)}`, page.width, { first: 0, rest: 2 }),
      ...wrapText(escapeControls(first), page.width, { first: 2, rest: 2 }),
      ...pasted.map((line) => `    ${escapeControls(line)}`),
    ];
  });
}

export function renderBill(rollouts: readonly Rollout[], page: Page): string[] {
  const withPolicy = hasPolicies(rollouts);
  return [
    ...heading("What it cost", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left", grouped: true },
          ...(withPolicy ? [{ title: "clients come back", align: "left" } as const] : []),
          { title: "lost", align: "right" },
          { title: "by", align: "left", keep: 6 },
          { title: "replies lost", align: "right", keep: 3 },
          { title: "down p50", align: "right" },
          { title: "p99", align: "right", keep: 5 },
          { title: "worst 100 ms", align: "right", keep: 4 },
          { title: "all back", align: "right" },
          { title: "processes", align: "right", keep: 2 },
          { title: "memory", align: "right", keep: 1 },
        ],
        rows: rollouts.map((rollout) => billRow(rollout, withPolicy)),
      },
      page,
    ),
    ...legendText(
      "down: how long a client was without a connection; worst 100 ms: openings begun in any 100 ms; all back: from the event; processes: before, most, after; memory: before and most",
      page,
    ),
  ];
}

function billRow(rollout: Rollout, withPolicy: boolean): Row {
  const { arm, reconnect, clients, lost, repliesLost, downMs, reconnects, proxy } = rollout;
  return {
    cells: [
      escapeControls(arm),
      ...(withPolicy ? [reconnect] : []),
      {
        text: `${formatCount(lost.count)} of ${formatCount(clients)}`,
        ...(lost.count === 0 ? { style: "green" as const } : {}),
      },
      lost.count === 0 ? absent : sidesText(rollout),
      formatCount(repliesLost),
      formatMs(downMs?.p50 ?? null),
      formatMs(downMs?.p99 ?? null),
      formatCount(reconnects.worstPer100Ms),
      reconnects.notBack > 0
        ? { text: `${formatCount(reconnects.notBack)} not`, style: "red" }
        : formatMs(reconnects.allBackAfterMs),
      proxy.processesBefore === null
        ? absent
        : `${proxy.processesBefore}, ${proxy.processesMost ?? absent}, ${proxy.processesAfter ?? absent}`,
      proxy.rssBytesBefore === null
        ? absent
        : `${formatBytes(proxy.rssBytesBefore)}, ${formatBytes(proxy.rssBytesMost)}`,
    ],
  };
}

export function renderLatency(rollouts: readonly Rollout[], page: Page): string[] {
  const pair = ({ p50, p99 }: { p50: number | null; p99: number | null }): string =>
    p50 === null ? absent : `${formatMs(p50 / 1e3)}, ${formatMs(p99 === null ? null : p99 / 1e3)}`;
  const withPolicy = hasPolicies(rollouts);
  return [
    ...heading("Latency, p50 and p99, from when a message was due", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left", grouped: true },
          ...(withPolicy ? [{ title: "clients come back", align: "left", keep: 1 } as const] : []),
          { title: "before", align: "right" },
          { title: "during", align: "right" },
          { title: "after", align: "right" },
        ],
        rows: rollouts.map(({ arm, reconnect, latencyUs }) => ({
          cells: [
            escapeControls(arm),
            ...(withPolicy ? [reconnect] : []),
            pair(latencyUs.before),
            pair(latencyUs.during),
            pair(latencyUs.after),
          ],
        })),
      },
      page,
    ),
  ];
}

/** Three strips over one axis. */
export function renderCourse(rollout: Rollout, name: string, page: Page): string[] {
  const { series, arm, eventsMs } = rollout;
  const [first] = series;
  const last = series.at(-1);
  if (first === undefined || last === undefined || series.length < 2) return [];
  const strip = (of: (point: RolloutPointResult) => number | null) => [
    {
      name: escapeControls(arm),
      points: series.flatMap((point) => {
        const y = of(point);
        return y === null ? [] : [{ x: point.atMs, y, isSpoilt: isEventIn(point, rollout) }];
      }),
    },
  ];
  const rows = renderPlotStack(
    {
      plots: firstWhenBrief(page, [
        { title: "clients connected", series: strip(({ open }) => open), format: formatCount, isCount: true },
        ...(rollout.reconnects.tries === 0
          ? []
          : [
              {
                title: "openings begun in 100 ms",
                series: strip(({ reconnects }) => reconnects),
                format: formatCount,
                isCount: true,
              },
            ]),
        { title: "p99", series: strip(({ p99 }) => p99) },
      ]),
      xRange: [first.atMs, last.atMs],
      foot: [
        formatMs(first.atMs),
        eventsMs.length === 1 ? "the event at 0" : `${eventsMs.length} events from 0`,
        formatMs(last.atMs),
      ],
      spoiltWords: "100 ms in which the event came",
    },
    page,
  );
  return rows.length === 0 ? [] : [...heading(`The course of it: ${name}`, page), ...rows];
}

function isEventIn({ atMs }: RolloutPointResult, { series, eventsMs }: Rollout): boolean {
  const stepMs = (series[1]?.atMs ?? 0) - (series[0]?.atMs ?? 0);
  return eventsMs.some((event) => event >= atMs && event < atMs + stepMs);
}
