/** The scenarios that have a history. */
import { toAscii } from "../draw/ascii.js";
import { createPaint } from "../draw/paint.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { absent, formatCount } from "../words/format.js";

interface ListedHistory {
  readonly scenario: string;
  readonly runs: number;
  readonly newest: string | null;
}

interface ListOptions {
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
}

export function renderHistoryList(
  scenarios: readonly ListedHistory[],
  { width, colour, unicode }: ListOptions,
): string {
  const lines = renderTable(
    {
      columns: [
        { title: "scenario", align: "left" },
        { title: "runs", align: "right" },
        { title: "newest", align: "left" },
      ],
      rows: scenarios.map(({ scenario, runs, newest }) => ({
        cells: [
          escapeControls(scenario),
          formatCount(runs),
          newest?.slice(0, 16).replace("T", " ") ?? absent,
        ],
      })),
    },
    { width, paint: createPaint({ colour }) },
  );
  const text = `${lines.join("\n")}\n\nwsrally history SCENARIO shows one.\n`;
  return unicode ? text : toAscii(text);
}
