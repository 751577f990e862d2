/** What a message, a connection and a handshake cost each arm's proxy, and what a given load would need. */
import type { ArmCapacity, Capacity, CapacityPlan, Fitted } from "../../results/capacity-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import {
  absent,
  formatBytes,
  formatCount,
  formatPercent,
  formatPerS,
  formatSeconds,
  formatUs,
} from "../words/format.js";
import { heading, legendText } from "../words/words.js";

export function renderCapacityCosts(capacity: Capacity, page: Page): string[] {
  const arms = [capacity, ...capacity.others].filter(({ cost }) => cost !== null);
  return [...(arms.length === 0 ? [] : costTable(arms, page)), ...scalability(capacity, page)];
}

/** What the load of `--plan` would need; nothing without it. */
export function renderCapacityPlan(capacity: Capacity, page: Page): string[] {
  const { plan } = capacity;
  if (plan === null) return [];
  return [...planLines(plan, capacity, page), ...(page.isBrief === true ? [] : assumptionLines(plan, page))];
}

/** The same in a sentence, without intervals; nothing where no cost was measured. */
export function renderCapacityCostLine(capacity: Capacity, page: Page): string[] {
  const said = [capacity, ...capacity.others].flatMap(({ arm, cost }) => {
    if (cost === null) return [];
    const parts = [
      [cost.cpuUsPerMessage?.fixed, formatUs, "a message"],
      [cost.cpuUsPerMessage?.perKiB, formatUs, "a KiB"],
      [cost.bytesPerConnection, formatBytes, "a connection"],
      [cost.cpuUsPerHandshake, formatUs, "a handshake"],
    ] as const;
    const told = parts.flatMap(([found, format, of]) =>
      found == null ? [] : [`${format(found.value)} ${of}`],
    );
    return told.length === 0 ? [] : [`${escapeControls(arm)} ${told.join(", ")}`];
  });
  if (said.length === 0) return [];
  return wrapText(`Cost, CPU and memory of the proxy: ${said.join("; ")}`, page.width, { rest: 2 });
}

function costTable(arms: readonly ArmCapacity[], page: Page): string[] {
  return [
    ...heading("What it costs the proxy", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "CPU a message", align: "right" },
          { title: "and a KiB", align: "right" },
          { title: "a connection", align: "right" },
          { title: "CPU a handshake", align: "right", keep: 1 },
        ],
        rows: arms.map(({ arm, cost }) => ({
          cells: [
            escapeControls(arm),
            fitted(cost?.cpuUsPerMessage?.fixed, formatUs),
            fitted(cost?.cpuUsPerMessage?.perKiB, formatUs),
            fitted(cost?.bytesPerConnection, formatBytes),
            fitted(cost?.cpuUsPerHandshake, formatUs),
          ],
        })),
      },
      page,
    ),
    ...legendText(
      "robust lines through the steps, with 95 % intervals; messages at a fifth of the capacity, there and back counted as one; a message costs less where several go at once",
      page,
    ),
  ];
}

function fitted(value: Fitted | null | undefined, format: (value: number) => string): string {
  if (value == null) return absent;
  const { low, high } = value;
  const interval = low === null || high === null ? "" : ` (${format(low)}-${format(high)})`;
  return `${format(value.value)}${interval}`;
}

function scalability({ scalability: law }: Capacity, page: Page): string[] {
  if (law === null) return [];
  const { arms, perWorkerPerS, contention, coherency } = law;
  const text =
    `Workers by the Universal Scalability Law, fitted to ${arms.map(escapeControls).join(", ")}: ` +
    `${formatPerS(Number(perWorkerPerS.toPrecision(3)))}/s for one, contention ${formatPercent(contention)}, coherency ${formatPercent(coherency)}`;
  return wrapText(text, page.width, { first: 0, rest: 2 });
}

function planLines(plan: CapacityPlan, { arm }: Capacity, page: Page): string[] {
  const { connections, messagesPerSEach, workers, memoryBytes, directives = [] } = plan;
  const load = `${formatCount(connections)} connections at ${formatPerS(messagesPerSEach)} msg/s each`;
  const needs = [
    workers === null ? "more workers than would help" : `about ${formatCount(workers)} workers`,
    ...(memoryBytes === null ? [] : [`${formatBytes(memoryBytes)} of memory`]),
  ];
  const settings = [
    ...(plan.reconnectS === null
      ? []
      : [`at least ${formatSeconds(plan.reconnectS)} of all workers' time to connect them all again`]),
  ];
  return [
    ...wrapText(
      `For ${load} ${escapeControls(arm)} needs ${needs.join(" and ")}, on machines like this one${settings.length === 0 ? "" : `; ${settings.join(", ")}`}${directives.length === 0 ? "." : ":"}`,
      page.width,
    ),
    ...directives.flatMap((text) => wrapText(escapeControls(text), page.width, { first: 4, rest: 6 })),
  ];
}

function assumptionLines({ assumptions }: CapacityPlan, page: Page): string[] {
  return [
    ...wrapText("Taken for granted:", page.width, { first: 2 }),
    ...assumptions.flatMap((text) =>
      wrapText(`- ${escapeControls(text)}`, page.width, { first: 2, rest: 4 }),
    ),
  ];
}
