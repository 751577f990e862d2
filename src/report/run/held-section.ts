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
  const rows = document.arms.flatMap((arm) => heldRows(arm, document));
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

function isReplayed({ name }: ArmResult, { scenario }: RunDocument): boolean {
  const message: unknown = scenario.arms.find((arm) => arm.name === name)?.workload.message;
  return typeof message === "object" && message !== null && "kind" in message && message.kind === "replayed";
}

/** Nothing where connections lasted. */
function comingAndGoing({ name, churned, reopened }: HeldFacts): string[] {
  if (churned + reopened === 0) return [];
  const counts = `${formatNumberOf(churned, "connection")} closed on purpose once answered, and ${formatCount(reopened)} opened again`;
  return [`${escapeControls(name)}: ${counts}, which is no failure`];
}

/** An arm's trials, and what it was sent besides. */
function heldRows(arm: ArmResult, document: RunDocument): HeldFacts[] {
  const besides = besidesOf(arm).map(({ name, traffic }) =>
    besideFacts(arm.name, name, traffic, isReplayed(arm, document)),
  );
  return [...(arm.trials.length === 0 ? [] : [heldFacts(arm, isReplayed(arm, document))]), ...besides];
}

/** In a line that all is well; nothing where something was lost, which has a table of its own. */
export function renderAllHeld(document: RunDocument, page: Page): string[] {
  const arms = document.arms.flatMap((arm) =>
    arm.trials.length === 0 ? [] : [heldFacts(arm, isReplayed(arm, document))],
  );
  if (arms.length === 0 || !document.arms.flatMap((arm) => heldRows(arm, document)).every(isWhole)) return [];
  const asked = [...new Set(arms.map((arm) => formatCount(arm.asked)))].join(" or ");
  const sent = formatCount(sumOf(arms.map((arm) => arm.sent)));
  const who = arms.length === 1 ? "it" : "every arm";
  const [closed, again] = [sumOf(arms.map((arm) => arm.churned)), sumOf(arms.map((arm) => arm.reopened))];
  const isComing = closed + again > 0;
  const held = isComing
    ? `lost none of its connections, which come and go (${formatCount(closed)} closed, ${formatCount(again)} opened again)`
    : `held its ${asked} connections to the end`;
  const isReplay = document.arms.some((arm) => isReplayed(arm, document));
  const back = formatCount(sumOf(arms.map((arm) => arm.cameBack)));
  const all = isReplay
    ? `all ${sent} messages arrived, and all ${back} the other way`
    : `all ${sent} messages came back`;
  const text = `No failures: ${who} ${held}, and ${all}`;
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
  due,
  failures,
  failed,
}: HeldFacts): boolean {
  const isAllOpen = opened >= asked && (held ?? toHold) >= toHold;
  return failures === 0 && failed === 0 && isAllOpen && cameBack === due && (reachedBackend ?? sent) === sent;
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
  /** To come back: in a recorded session neither does everything have a reply, nor is every message one. */
  readonly due: number;
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
  { title: "came back", cellOf: ({ cameBack, due }) => short(cameBack, due) },
  { title: "failures", cellOf: ({ failures }) => wrong(failures) },
];

function heldFacts({ name, trials }: ArmResult, isReplay: boolean): HeldFacts {
  const connections = trials.map((trial) => trial.connections);
  const accounts = trials.map(({ accounting }) => accounting);
  const sent = sumOf(accounts.map(({ clientSent }) => clientSent));
  const cameBack = sumOf(accounts.map(({ clientReceived }) => clientReceived));
  const backendSent = sumOrNull(accounts.map((one) => one.backendSent));
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
    sent,
    reachedBackend: sumOrNull(accounts.map(({ backendReceived }) => backendReceived)),
    backendSent,
    cameBack,
    due: isReplay ? (backendSent ?? cameBack) : sent,
    failures: sumOf(trials.flatMap((trial) => trial.failures.map(({ count }) => count))),
  };
}

function besideFacts(
  name: string,
  part: HeldFacts["part"],
  traffic: TrafficResult,
  isReplay: boolean,
): HeldFacts {
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
    due: isReplay ? messages.received : messages.sent,
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
