/** A matrix in effects: what each axis does by itself, and where two axes do not act independently. */
import type { Effect } from "../../results/effect-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Row } from "../draw/table-model.js";
import { formatRatio } from "../words/format.js";
import { metricWords } from "../words/metric-words.js";
import { heading, legendText } from "../words/words.js";

export function renderEffects({ effects = [] }: RunDocument, page: Page): string[] {
  const mains = effects.filter(({ interactsWith, ratio }) => interactsWith === null && ratio !== null);
  if (mains.length === 0) return [];
  return [
    ...heading("What each axis does, averaged over the others", page),
    ...renderTable(
      {
        columns: [
          { title: "axis", align: "left", grouped: true },
          { title: "", align: "left" },
          { title: "ratio", align: "right" },
          { title: "interval", align: "right" },
          { title: "", align: "left", keep: 1 },
        ],
        rows: byStep(mains).map(mainRow),
      },
      page,
    ),
    ...legendText(
      "real: not 1 at 5 % over all effects (Holm). They inform; verdicts come from the comparisons alone.",
      page,
    ),
    ...renderInteractions(effects, page),
  ];
}

/** Metrics of one step together. */
function byStep(effects: readonly Effect[]): Effect[] {
  const steps = [...new Set(effects.map(stepWords))];
  return steps.flatMap((step) => effects.filter((effect) => stepWords(effect) === step));
}

function mainRow(effect: Effect): Row {
  const { metric, ratio, ciLow, ciHigh, matters, equalLoad } = effect;
  const text = formatRatio(ratio, ciLow, ciHigh);
  const notes = [...(matters ? ["real"] : []), ...(equalLoad ? [] : ["each under its own load"])];
  return {
    cells: [
      escapeControls(stepWords(effect)),
      metricWords(metric),
      text.ratio,
      text.interval,
      notes.join(", "),
    ],
  };
}

function stepWords({ axis, from, to }: Pick<Effect, "axis" | "from" | "to">): string {
  return `${axis} ${from} -> ${to}`;
}

function renderInteractions(effects: readonly Effect[], page: Page): string[] {
  const tested = effects.filter(({ interactsWith, p }) => interactsWith !== null && p !== null);
  if (tested.length === 0) return [];
  const found = tested.filter(({ matters }) => matters);
  const hanging = { first: 2, rest: 4 };
  if (found.length === 0) {
    return wrapText(
      `Interactions of two axes: ${tested.length} tested, none was shown.`,
      page.width,
      hanging,
    );
  }
  return [
    ...wrapText(
      `Interactions, ${found.length} of ${tested.length} tested: these axes do not act independently`,
      page.width,
      hanging,
    ),
    ...found.flatMap((effect) => wrapText(interactionWords(effect), page.width, { first: 4, rest: 6 })),
  ];
}

/** `CPU a message: payload 64 -> 8000 does 1.20x (1.10-1.30) as much of it with proxy_buffer_size 1k as with 4k`. */
function interactionWords(effect: Effect): string {
  const { metric, ratio, ciLow, ciHigh, interactsWith } = effect;
  const text = formatRatio(ratio, ciLow, ciHigh);
  if (interactsWith === null) return "";
  const { axis, from, to } = interactsWith;
  return escapeControls(
    `${metricWords(metric)}: the ratio of ${stepWords(effect)} is ${text.ratio} (${text.interval}) as large with ${axis} ${to} as with ${from}`,
  );
}
