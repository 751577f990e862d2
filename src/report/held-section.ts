/**
 * What the arms held: connections and messages, counted at both ends. Connections are those of each arm's worst
 * trial, for a median would hide the one trial that lost some; messages are sums over all trials.
 */
import type { ArmResult, RunDocument } from "../results/run-document.js";
import { absent, formatCount } from "./format.js";
import type { Page } from "./paint.js";
import { escapeControls } from "./plain-text.js";
import { sumOf } from "./run-facts.js";
import { type Cell, type Row, renderTable } from "./table.js";
import { dimText, heading } from "./words.js";

export function renderHeld(document: RunDocument, page: Page): string[] {
  const arms = document.arms.filter(({ trials }) => trials.length > 0);
  if (arms.length === 0) return [];
  return [
    ...heading("Connections held", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "trials", align: "right", keep: 1 },
          { title: "asked", align: "right" },
          { title: "opened", align: "right" },
          { title: "failed", align: "right" },
          { title: "held", align: "right" },
        ],
        rows: arms.map(connectionRow),
      },
      page,
    ),
    ...dimText("of each arm's worst trial; held: still open when the load ended", page),
    "",
    ...heading("Messages", page),
    ...renderTable(
      {
        columns: [
          { title: "arm", align: "left" },
          { title: "sent", align: "right" },
          { title: "reached backend", align: "right", keep: 2 },
          { title: "backend sent", align: "right", keep: 1 },
          { title: "came back", align: "right" },
          { title: "failures", align: "right" },
        ],
        rows: arms.map(messageRow),
      },
      page,
    ),
    ...dimText("of all trials, warm-up included", page),
  ];
}

function connectionRow(arm: ArmResult): Row {
  const connections = arm.trials.map((trial) => trial.connections);
  const asked = Math.max(...connections.map(({ requested }) => requested));
  const opened = Math.min(...connections.map((one) => one.opened));
  const failed = Math.max(...connections.map((one) => one.failed));
  const held = Math.min(...connections.map((one) => one.held));
  return {
    cells: [
      escapeControls(arm.name),
      formatCount(arm.trials.length),
      formatCount(asked),
      short(opened, asked),
      failed > 0 ? { text: formatCount(failed), style: "red" } : "0",
      short(held, asked),
    ],
  };
}

function messageRow(arm: ArmResult): Row {
  const sent = sumOf(arm.trials.map(({ accounting }) => accounting.clientSent));
  const cameBack = sumOf(arm.trials.map(({ accounting }) => accounting.clientReceived));
  const failures = sumOf(arm.trials.flatMap((trial) => trial.failures.map(({ count }) => count)));
  return {
    cells: [
      escapeControls(arm.name),
      formatCount(sent),
      sumOrAbsent(arm.trials.map(({ accounting }) => accounting.backendReceived)),
      sumOrAbsent(arm.trials.map(({ accounting }) => accounting.backendSent)),
      short(cameBack, sent),
      failures > 0 ? { text: formatCount(failures), style: "red" } : "0",
    ],
  };
}

/** A count that falls short of what was wanted stands out. */
function short(count: number, wanted: number): Cell {
  return count < wanted ? { text: formatCount(count), style: "red" } : { text: formatCount(count) };
}

/** A sum over some trials only would look like a loss. */
function sumOrAbsent(counts: readonly (number | null)[]): string {
  const known = counts.filter((count) => count !== null);
  return known.length === counts.length ? formatCount(sumOf(known)) : absent;
}
