/**
 * What the arms held: connections and messages, counted at both ends. Connections are those of each arm's worst
 * trial, for a median would hide the one trial that lost some; messages are sums over all trials.
 */
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import type { TrafficResult } from "../../results/traffic-schema.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { renderTable } from "../draw/table.js";
import type { Cell } from "../draw/table-model.js";
import { besidesOf } from "../words/besides.js";
import { absent, formatCount, formatNumberOf } from "../words/format.js";
import { dimText, heading } from "../words/words.js";
import { sumOf, toHold } from "./run-facts.js";

/** One table, with all that the arms were sent besides their trials. */
export function renderHeld(document: RunDocument, page: Page): string[] {
  const rows = document.arms.flatMap(heldRows);
  if (rows.length === 0) return [];
  const trials = rows.filter(({ part }) => part === "trials");
  return [
    ...heading("Connections and messages", page),
    ...renderTable(
      {
        columns: columns.map(({ title, keep, grouped }, i) => ({
          title,
          align: i === 0 || title === partTitle ? "left" : "right",
          ...(keep === undefined ? {} : { keep }),
          ...(grouped === undefined ? {} : { grouped }),
        })),
        rows: rows.map((facts) => ({ cells: columns.map(({ cellOf }) => cellOf(facts)) })),
      },
      page,
    ),
    ...(trials.length === 0
      ? []
      : dimText("connections: of each arm's worst trial, held until the load ended;", page)),
    ...dimText("messages: of all trials, warm-up included", page),
    ...rows.flatMap(comingAndGoing).flatMap((text) => dimText(text, page)),
    ...(rows.some(({ part }) => part === "burn-in")
      ? dimText("burn-in: a trial of each arm before the first block, which is in no other figure", page)
      : []),
  ];
}

/** Nothing where connections lasted. */
function comingAndGoing({ name, churned, reopened }: HeldFacts): string[] {
  if (churned + reopened === 0) return [];
  const counts = `${formatNumberOf(churned, "connection")} closed on purpose once answered, and ${formatCount(reopened)} opened again`;
  return [`${escapeControls(name)}: ${counts}, which is no failure`];
}

/** An arm's trials, and what it was sent besides. */
function heldRows(arm: ArmResult): HeldFacts[] {
  const besides = besidesOf(arm).map(({ name, traffic }) => besideFacts(arm.name, name, traffic));
  return [...(arm.trials.length === 0 ? [] : [heldFacts(arm)]), ...besides];
}

/** In a line that all is well; nothing where something was lost, which has a table of its own. */
export function renderAllHeld(document: RunDocument, page: Page): string[] {
  const arms = document.arms.flatMap((arm) => (arm.trials.length === 0 ? [] : [heldFacts(arm)]));
  if (arms.length === 0 || !document.arms.flatMap(heldRows).every(isWhole)) return [];
  const asked = [...new Set(arms.map((arm) => formatCount(arm.asked)))].join(" or ");
  const sent = formatCount(sumOf(arms.map((arm) => arm.sent)));
  const who = arms.length === 1 ? "it" : "every arm";
  const isComing = arms.some(({ churned, reopened }) => churned + reopened > 0);
  const held = isComing
    ? "lost none of its connections, which come and go"
    : `held its ${asked} connections to the end`;
  const text = `No failures: ${who} ${held}, and all ${sent} messages came back`;
  return wrapText(text, page.width, { rest: 2 });
}

function isWhole({
  asked,
  opened,
  held,
  toHold,
  sent,
  reachedBackend,
  cameBack,
  failures,
  failed,
}: HeldFacts): boolean {
  const isAllOpen = opened >= asked && (held ?? toHold) >= toHold;
  return (
    failures === 0 && failed === 0 && isAllOpen && cameBack === sent && (reachedBackend ?? sent) === sent
  );
}

interface HeldFacts {
  readonly name: string;
  readonly part: "trials" | ReturnType<typeof besidesOf>[number]["name"];
  readonly asked: number;
  readonly opened: number;
  readonly failed: number;
  /** Null outside the trials, where nobody looked. */
  readonly held: number | null;
  /** To be held in the end. */
  readonly toHold: number;
  /** Closed by the client on purpose, and opened again. */
  readonly churned: number;
  readonly reopened: number;
  readonly sent: number;
  /** Null where one trial has no count of the backend's, for the sum would be too small. */
  readonly reachedBackend: number | null;
  readonly backendSent: number | null;
  readonly cameBack: number;
  readonly failures: number;
}

interface HeldColumn {
  readonly title: string;
  readonly keep?: number;
  readonly grouped?: true;
  readonly cellOf: (facts: HeldFacts) => string | Cell;
}

const partTitle = "in";

const columns: readonly HeldColumn[] = [
  { title: "arm", grouped: true, cellOf: ({ name }) => escapeControls(name) },
  { title: partTitle, cellOf: ({ part }) => part },
  { title: "asked", cellOf: ({ asked }) => formatCount(asked) },
  { title: "opened", keep: 2, cellOf: ({ opened, asked }) => short(opened, asked) },
  { title: "failed", keep: 3, cellOf: ({ failed }) => wrong(failed) },
  { title: "held", cellOf: ({ held, toHold }) => (held === null ? absent : short(held, toHold)) },
  { title: "sent", cellOf: ({ sent }) => formatCount(sent) },
  { title: "at backend", keep: 4, cellOf: ({ reachedBackend }) => formatCount(reachedBackend) },
  { title: "backend sent", keep: 1, cellOf: ({ backendSent }) => formatCount(backendSent) },
  { title: "came back", cellOf: ({ cameBack, sent }) => short(cameBack, sent) },
  { title: "failures", cellOf: ({ failures }) => wrong(failures) },
];

function heldFacts({ name, trials }: ArmResult): HeldFacts {
  const connections = trials.map((trial) => trial.connections);
  const accounts = trials.map(({ accounting }) => accounting);
  return {
    name,
    part: "trials",
    asked: Math.max(...connections.map(({ requested }) => requested)),
    opened: Math.min(...connections.map((one) => one.opened)),
    failed: Math.max(...connections.map((one) => one.failed)),
    held: Math.min(...connections.map((one) => one.held)),
    toHold: Math.max(...trials.map(toHold)),
    churned: sumOf(connections.map((one) => one.churned ?? 0)),
    reopened: sumOf(connections.map((one) => one.reopened ?? 0)),
    sent: sumOf(accounts.map(({ clientSent }) => clientSent)),
    reachedBackend: sumOrNull(accounts.map(({ backendReceived }) => backendReceived)),
    backendSent: sumOrNull(accounts.map((one) => one.backendSent)),
    cameBack: sumOf(accounts.map(({ clientReceived }) => clientReceived)),
    failures: sumOf(trials.flatMap((trial) => trial.failures.map(({ count }) => count))),
  };
}

function besideFacts(name: string, part: HeldFacts["part"], traffic: TrafficResult): HeldFacts {
  const { connections, messages, failures } = traffic;
  return {
    name,
    part,
    asked: connections.requested,
    opened: connections.opened,
    failed: connections.failed,
    held: null,
    toHold: connections.requested,
    churned: 0,
    reopened: 0,
    sent: messages.sent,
    reachedBackend: null,
    backendSent: null,
    cameBack: messages.received,
    failures: sumOf(failures.map(({ count }) => count)),
  };
}

function sumOrNull(counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length < counts.length ? null : sumOf(known);
}

function wrong(count: number): Cell {
  return count > 0 ? { text: formatCount(count), style: "red" } : { text: "0" };
}

/** A count that falls short of what was wanted stands out. */
function short(count: number, wanted: number): Cell {
  return count < wanted ? { text: formatCount(count), style: "red" } : { text: formatCount(count) };
}
