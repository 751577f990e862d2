/** How fast connections open, and how they come back after a restart. */
import type { ArmCapacity } from "../../results/capacity-schema.js";
import type { Storm } from "../../results/storm-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { formatCount, formatPerS, formatUs } from "../words/format.js";
import { medianOf } from "../words/median.js";
import { heading, legendText } from "../words/words.js";

type Round = Storm["rounds"][number];

export function renderStorm({ arm, storm }: ArmCapacity, page: Page): string[] {
  if (storm == null || storm.rounds.length === 0) return [];
  const name = escapeControls(arm);
  const rates = storm.rounds.flatMap(({ opening }) => opening.perS ?? []);
  const cpu = medianOf(storm.rounds.map(({ opening }) => opening.cpuUsPerHandshake)).median;
  const range =
    rates.length < 2 ? "" : ` (${formatPerS(Math.min(...rates))}-${formatPerS(Math.max(...rates))})`;
  const areAllOpen = storm.rounds.every(({ opening }) => opening.opened === storm.connections);
  const opening =
    rates.length === 0
      ? `${name}: ${areAllOpen ? `all ${formatCount(storm.connections)} connections opened, in a time that tells no rate` : `not all ${formatCount(storm.connections)} connections opened`}`
      : `${name} opens ${formatPerS(medianOf(rates).median)}${range} connections a second, ${formatUs(cpu)} of the proxy's CPU each`;
  return [
    ...heading(
      `Opening ${formatCount(storm.connections)} connections through ${name}, and restarts under them`,
      page,
    ),
    ...wrapText(opening, page.width, { first: 2, rest: 4 }),
    ...renderTable(
      {
        columns: [
          { title: "clients come back", align: "left", grouped: true },
          { title: "lost", align: "right", keep: 2 },
          { title: "down", align: "right" },
          { title: "half back", align: "right", keep: 4 },
          { title: "99 %", align: "right", keep: 3 },
          { title: "all", align: "right" },
          { title: "failed tries", align: "right" },
          { title: "most waiting", align: "right", keep: 5 },
          { title: "upgrade p99", align: "right", keep: 1 },
        ],
        rows: [...storm.rounds]
          .sort((a, b) => a.restart.reconnect.localeCompare(b.restart.reconnect))
          .map(rowOf),
      },
      page,
    ),
    ...legendText(
      "down: from the old proxy's end to the new one's first connection; the times after it count from then; at-once: no wait, and 100 ms after a failed try; backoff: a random share of min(10 s, 0.5 s x 2^try)",
      page,
    ),
  ];
}

function rowOf({ restart }: Round): Row {
  const { reconnect, lost, downMs, backMs, failedTries, backlogPeak, times } = restart;
  const ms = (value: number | null): string => formatUs(value === null ? null : value * 1e3);
  return {
    cells: [
      reconnect,
      formatCount(lost),
      ms(downMs),
      ms(backMs.half),
      ms(backMs.p99),
      backMs.all === null ? { text: "not in 30 s", style: "red" } : ms(backMs.all),
      formatCount(failedTries),
      formatCount(backlogPeak),
      formatUs(times.upgrade.p99),
    ],
  };
}
