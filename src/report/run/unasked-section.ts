/** What the backend sent unasked: how much of it arrived, and how late by its own schedule. */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { TrialResult } from "../../results/trial-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Cell, Row } from "../draw/table-model.js";
import { formatCount, formatUs } from "../words/format.js";
import { seriesMeaning } from "../words/latency-series.js";
import { medianOf } from "../words/median.js";
import { heading } from "../words/words.js";
import { countedTrials, sumOf } from "./run-facts.js";

/** Nothing where nobody pushed. */
export function renderPushes({ arms }: RunDocument, page: Page): string[] {
  const rows = arms.flatMap(pushRow);
  if (rows.length === 0) return [];
  return [
    ...heading(`Pushes: ${seriesMeaning("push")}`, page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "due", align: "right", keep: 2 },
          { title: "arrived", align: "right" },
          { title: "p50", align: "right" },
          { title: "p90", align: "right", keep: 3 },
          { title: "p99", align: "right" },
          { title: "backend late, p99", align: "right", keep: 1 },
        ],
        rows,
      },
      page,
    ),
  ];
}

/** Nothing where there are no rooms. */
export function renderFanouts({ arms }: RunDocument, page: Page): string[] {
  const rows = arms.flatMap(fanoutRow);
  if (rows.length === 0) return [];
  return [
    ...heading("Messages to rooms: from when one was due to its arrival in the kernels of members", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "sent", align: "right", keep: 3 },
          { title: "arrived", align: "right" },
          { title: "first, p50", align: "right", keep: 2 },
          { title: "half of them", align: "right" },
          { title: "all", align: "right" },
          { title: "all, p90", align: "right", keep: 1 },
          { title: "CPU each", align: "right", keep: 4 },
        ],
        rows,
      },
      page,
    ),
  ];
}

function fanoutRow(arm: ArmResult): Row[] {
  const fanouts = arm.trials.flatMap(({ fanout }) => fanout ?? []);
  if (fanouts.length === 0) return [];
  const median = medianIn(arm);
  return [
    {
      cells: [
        escapeControls(arm.name),
        formatCount(sumOf(fanouts.map(({ sent }) => sent))),
        arrivedCell(
          sumOf(fanouts.map(({ delivered }) => delivered)),
          sumOf(fanouts.map(({ expected }) => expected)),
        ),
        median(({ latencyUs }) => latencyUs.fanoutFirst?.p50),
        median(({ latencyUs }) => latencyUs.fanoutMedian?.p50),
        median(({ latencyUs }) => latencyUs.fanoutLast?.p50),
        median(({ latencyUs }) => latencyUs.fanoutLast?.p90),
        median(({ proxyCost }) => proxyCost?.cpuUsPerFanout),
      ],
    },
  ];
}

/** Counts are of all trials, for a loss in one of them is a loss. */
function pushRow(arm: ArmResult): Row[] {
  const pushes = arm.trials.flatMap(({ push }) => push ?? []);
  if (pushes.length === 0) return [];
  const median = medianIn(arm);
  const due = sumOf(pushes.map((push) => push.due));
  const delivered = sumOf(pushes.map((push) => push.delivered));
  return [
    {
      cells: [
        escapeControls(arm.name),
        formatCount(due),
        arrivedCell(delivered, due),
        median(({ latencyUs }) => latencyUs.push?.p50),
        median(({ latencyUs }) => latencyUs.push?.p90),
        median(({ latencyUs }) => latencyUs.push?.p99),
        median(({ push }) => push?.lagUsP99),
      ],
    },
  ];
}

type Read = (trial: TrialResult) => number | null | undefined;

function medianIn(arm: ArmResult): (read: Read) => string {
  const { trials } = countedTrials(arm);
  return (read) => formatUs(medianOf(trials.map(read)).median);
}

function arrivedCell(delivered: number, due: number): Cell {
  return delivered < due
    ? { text: `${formatCount(delivered)} of ${formatCount(due)}`, style: "red" }
    : { text: delivered === 0 ? "0" : "all" };
}
