/**
 * A soak: what grows and what stays, what broke and when, and the course of it.
 */
import type { RunDocument } from "../../results/run-document.js";
import type { Soak, SoakWindowResult } from "../../results/soak-schema.js";
import type { Page } from "../draw/page.js";
import type { Style } from "../draw/paint.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { firstWhenBrief, renderPlotStack } from "../draw/point-section.js";
import { renderTable } from "../draw/table.js";
import { formatCount, formatNumberOf, formatPerS, formatSecondsLeft } from "../words/format.js";
import { heading, leadLines, legendText } from "../words/words.js";
import {
  eventsWords,
  growthWords,
  metricValue,
  metricWords,
  perHour,
  trendWords,
  unaskedWords,
} from "./soak-words.js";

const verdictStyles = { grows: "red", falls: "yellow", flat: "green", untold: "dim" } as const;

/** What the soak found, in words. */
export function renderSoakAnswer(soak: Soak, status: RunDocument["status"], page: Page): string[] {
  const { windows, voidWindows = [], trends, ratePerS, connections } = soak;
  const seconds = [...windows, ...voidWindows].reduce((sum, { durationS }) => sum + durationS, 0);
  const load = ratePerS === null ? "in a closed loop" : `at ${formatPerS(ratePerS)} messages/s`;
  const churn =
    soak.churnPerS > 0 ? `, ${formatPerS(soak.churnPerS)} of them closed and reopened a second` : "";
  const lead = `${escapeControls(soak.arm)} soaked for ${formatSecondsLeft(seconds)}`;
  const under = ` ${load} over ${formatNumberOf(connections, "connection")}${churn}`;
  const state: Readonly<Record<RunDocument["status"], string>> = {
    complete: "",
    running: "It is not over: this is what its windows say so far.",
    interrupted: `It was stopped before its ${formatSecondsLeft(soak.forS)} were over: this is what its windows said until then.`,
    failed: "It failed: this is what its windows said until then.",
  };
  const happened = eventsWords(soak);
  const found =
    trends.length === 0
      ? "too short for a trend: at least nine windows are needed"
      : trends
          .filter(({ metric }) => metric !== "throughputPerS" || ratePerS === null)
          .map(trendWords)
          .join("; ");
  const growth = growthWords(soak);
  return [
    ...leadLines(lead, `${under}${happened === null ? "" : `, ${happened}`}: ${found}`, {
      page,
      style: leadStyle(soak),
    }),
    ...(growth === null ? [] : wrapText(growth, page.width, { first: 2, rest: 4 })),
    ...wrapText(brokenWords(soak), page.width, { first: 2, rest: 4 }),
    ...unaskedWords(soak).flatMap((line) => wrapText(line, page.width, { first: 2, rest: 4 })),
    ...(state[status] === "" ? [] : wrapText(state[status], page.width)),
  ];
}

/** Red for what grows; green for what is proven to stay. */
function leadStyle({ trends }: Soak): Style | undefined {
  if (trends.some(({ verdict }) => verdict === "grows")) return "red";
  const isTold = trends.length > 0 && trends.every(({ verdict }) => verdict !== "untold");
  return isTold ? "green" : undefined;
}

function brokenWords({ windows, failures: whole }: Soak): string {
  const lost = windows.reduce((sum, { connections }) => sum + connections.lost, 0);
  const tries = windows.reduce((sum, { connections }) => sum + connections.failedTries, 0);
  const spoilt = windows.filter(({ failures }) => failures.length > 0);
  const open = windows.at(-1)?.open ?? 0;
  if (spoilt.length === 0 && whole.length > 0)
    return `in no window anything broke, yet ${formatNumberOf(
      whole.reduce((sum, { count }) => sum + count, 0),
      "failure",
    )} over the whole; ${formatNumberOf(open, "connection")} open at the end`;
  if (spoilt.length === 0) return `nothing broke; ${formatNumberOf(open, "connection")} open at the end`;
  const [first] = spoilt;
  const last = spoilt.at(-1);
  return (
    `${formatNumberOf(lost, "connection")} lost, ${formatNumberOf(tries, "attempt")} to open one again failed, ` +
    `${formatCount(open)} open at the end; failures in ${formatNumberOf(spoilt.length, "window")} of ${formatCount(windows.length)}, ` +
    `the first after ${formatSecondsLeft(first?.atS ?? 0)}, the last after ${formatSecondsLeft(last?.atS ?? 0)}`
  );
}

/** What stands below the answer, a section each. */
export function renderSoakDetails(soak: Soak, page: Page): string[][] {
  return [renderSoakTrends(soak, page), renderCourse(soak, page), renderSoakFailures(soak, page)];
}

export function renderSoakTrends({ trends }: Soak, page: Page): string[] {
  if (trends.length === 0) return [];
  return [
    ...heading("Trends", page),
    ...renderTable(
      {
        columns: [
          { title: "", align: "left" },
          { title: "level", align: "right" },
          { title: "an hour", align: "right" },
          { title: "99 % interval", align: "right" },
          { title: "over the soak", align: "right", keep: 2 },
          { title: "resemblance", align: "right", keep: 1 },
          { title: "", align: "left" },
        ],
        rows: trends.map((trend) => ({
          cells: [
            metricWords[trend.metric],
            metricValue(trend.metric, trend.level),
            perHour(trend.metric, trend.slopePerH),
            `${perHour(trend.metric, trend.low)} to ${perHour(trend.metric, trend.high)}`,
            perHour(trend.metric, trend.change),
            trend.autocorrelation.toFixed(2),
            { text: trend.verdict, style: verdictStyles[trend.verdict] },
          ],
        })),
      },
      page,
    ),
    ...legendText(
      "slopes by Theil and Sen over the windows after the first tenth; resemblance: how much a window takes after the one before, which widens the interval; untold: too short, or too noisy, to say",
      page,
    ),
  ];
}

/** Memory and p99, a mark a window. */
export function renderCourse({ windows, arm, events = [] }: Soak, page: Page): string[] {
  const last = windows.at(-1);
  if (windows.length < 2 || last === undefined) return [];
  const series = (of: (window: SoakWindowResult) => number | null) => [
    {
      name: escapeControls(arm),
      points: windows.flatMap((window) => {
        const y = of(window);
        return y === null ? [] : [{ x: window.atS, y, isSpoilt: window.failures.length > 0 }];
      }),
    },
  ];
  const perS = (value: number): string => `${formatPerS(value)}/s`;
  const rows = renderPlotStack(
    {
      plots: firstWhenBrief(page, [
        {
          title: "memory",
          series: series(({ rssBytes }) => rssBytes),
          format: (y) => metricValue("rssBytes", y),
        },
        {
          title: "p99",
          series: series(({ latencyUs: { response, roundTrip } }) => (response ?? roundTrip).p99),
        },
        {
          title: "pushes that came",
          series: series(({ push, durationS }) => (push === undefined ? null : push.delivered / durationS)),
          format: perS,
        },
        {
          title: "deliveries in rooms",
          series: series(({ fanout, durationS }) =>
            fanout === undefined ? null : fanout.delivered / durationS,
          ),
          format: perS,
        },
      ]),
      xRange: [0, last.atS],
      foot: ["0 s", formatNumberOf(windows.length, "window"), formatSecondsLeft(last.atS + last.durationS)],
      ...(events.length === 0
        ? {}
        : { events: { at: events.map(({ atS }) => atS), words: events[0]?.event ?? "" } }),
      spoiltWords: "window with failures",
    },
    page,
  );
  return rows.length === 0 ? [] : [...heading("Over the soak, one mark a window", page), ...rows];
}

/** What broke, by side and cause; nothing where nothing did. */
export function renderSoakFailures({ failures }: Soak, page: Page): string[] {
  if (failures.length === 0) return [];
  return [
    ...heading("Failures", page),
    ...renderTable(
      {
        columns: [
          { title: "kind", align: "left" },
          { title: "side", align: "left" },
          { title: "count", align: "right" },
          { title: "cause", align: "left", flexible: true, keep: 1 },
        ],
        rows: failures.map(({ kind, side, count, cause, example }) => ({
          cells: [kind, side, formatCount(count), escapeControls(cause ?? "-")],
          ...(page.isBrief === true ? {} : { notes: [`first: ${escapeControls(example)}`] }),
        })),
      },
      page,
    ),
  ];
}
