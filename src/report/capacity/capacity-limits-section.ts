/** What stops an arm: foretold from config and machine beside what was met, and what to change. */
import type { ArmCapacity } from "../../results/capacity-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import { absent, formatCount } from "../words/format.js";
import { heading } from "../words/words.js";

export function renderCapacityLimits({ arm, limits, connections }: ArmCapacity, page: Page): string[] {
  if (limits.length === 0) return [];
  const evidence = connections?.stoppedBy?.evidence ?? [];
  return [
    ...heading(`Limits of ${escapeControls(arm)}, foretold before any load`, page),
    ...renderTable(
      {
        columns: [
          { title: "limit", align: "left" },
          { title: "foretold", align: "right" },
          { title: "met at", align: "right" },
          { title: "of", align: "left", keep: 1 },
          { title: "to change", align: "left", flexible: true },
        ],
        rows: limits.map(({ name, unit, foretold, measured, directive, note }) => ({
          cells: [
            name,
            foretold === null ? absent : formatCount(foretold),
            measured === null
              ? absent
              : { text: formatCount(Number(measured.toPrecision(4))), style: "yellow" },
            unit,
            escapeControls(directive),
          ],
          ...(page.isBrief === true ? {} : { notes: [escapeControls(note)] }),
        })),
      },
      page,
    ),
    ...evidence.flatMap((line) => wrapText(escapeControls(line), page.width, { first: 2, rest: 4 })),
  ];
}
