/**
 * The course of each rollout, drawn: clients connected, openings begun and the p99 over one axis, with a stroke where an
 * event came. The numbers stand in a table under it.
 */
import type { Rollout, RolloutPointResult } from "../../results/rollout-schema.js";
import { renderBill, renderCures, renderLatency, rolloutName } from "../rollout/rollout-section.js";
import { formatMs, rolloutSentence } from "../rollout/rollout-words.js";
import { formatCount, formatUs } from "../words/format.js";
import { renderNumbers } from "./chart-part.js";
import type { HtmlPage } from "./html-page.js";
import { type Html, html } from "./markup.js";

const width = 720;
const left = 84;
const stripHeight = 92;
const gap = 26;
const foot = 24;

interface Strip {
  readonly title: string;
  readonly of: (point: RolloutPointResult) => number | null;
  readonly format: (value: number) => string;
  /** Bars from zero; or a line through what held at the end of each window, or through what was found in it. */
  readonly shape: "bars" | "at-end" | "within";
}

const strips: readonly Strip[] = [
  { title: "clients connected", of: ({ open }) => open, format: formatCount, shape: "at-end" },
  {
    title: "openings begun in 100 ms",
    of: ({ reconnects }) => reconnects,
    format: formatCount,
    shape: "bars",
  },
  { title: "p99, from when a message was due", of: ({ p99 }) => p99, format: formatUs, shape: "within" },
  {
    title: "processes from before the event",
    of: ({ oldProcesses }) => oldProcesses,
    format: formatCount,
    shape: "at-end",
  },
];

/** What it cost, in words and tables. */
export function renderRolloutBill(rollouts: readonly Rollout[], page: HtmlPage): Html {
  const cures = renderCures(rollouts, page);
  return html`${cures.length === 0 ? null : page.toHtml(cures)}${page.toHtml(renderBill(rollouts, page).slice(1))}`;
}

export function renderRolloutLatency(rollouts: readonly Rollout[], page: HtmlPage): Html {
  return page.toHtml(renderLatency(rollouts, page).slice(1));
}

export function renderRolloutCourses(rollouts: readonly Rollout[]): Html {
  return html`${rollouts.filter(({ series }) => series.length > 1).map((rollout) => renderCourse(rollout, rolloutName(rollout, rollouts)))}`;
}

function renderCourse(rollout: Rollout, of: string): Html {
  const { block, series } = rollout;
  const name = `${of}${block === 0 ? "" : `, time ${block + 1}`}`;
  const { lead, rest } = rolloutSentence(rollout);
  const shown = strips.filter(({ of }) => series.some((point) => (of(point) ?? 0) > 0));
  const height = shown.length * (stripHeight + gap) + foot;
  return html`<figure class="rollout"><figcaption><strong>${name}</strong>: ${lead}${rest}.</figcaption>
<svg class="strips" viewBox="0 0 ${width} ${height}" role="img" aria-label="Course of the rollout of ${name}">${shown.map((strip, at) => renderStrip(strip, rollout, at * (stripHeight + gap) + gap))}${renderAxis(rollout, height)}</svg>
<details><summary>The numbers as a table</summary>${renderNumbers(
    `Course of ${name}`,
    ["from", "connected", "openings begun", "p50", "p99", "processes", "old"],
    series.map(({ atMs, open, reconnects, p50, p99, processes, oldProcesses }) => [
      formatMs(atMs),
      formatCount(open),
      formatCount(reconnects),
      formatUs(p50),
      formatUs(p99),
      formatCount(processes),
      formatCount(oldProcesses),
    ]),
  )}</details></figure>`;
}

function scaleX({ series }: Rollout): (atMs: number) => number {
  const from = series[0]?.atMs ?? 0;
  const to = (series.at(-1)?.atMs ?? 1) + stepOf(series);
  return (atMs) => left + ((atMs - from) / Math.max(1, to - from)) * (width - left - 4);
}

function stepOf(series: readonly RolloutPointResult[]): number {
  return (series[1]?.atMs ?? 100) - (series[0]?.atMs ?? 0);
}

function renderStrip({ title, of, format, shape }: Strip, rollout: Rollout, top: number): Html {
  const { series, eventsMs } = rollout;
  const x = scaleX(rollout);
  const most = Math.max(...series.map((point) => of(point) ?? 0));
  const y = (value: number): number =>
    top + stripHeight - (most > 0 ? (value / most) * (stripHeight - 8) : 0);
  const step = stepOf(series);
  const known = series.flatMap((point) => {
    const value = of(point);
    return value === null ? [] : [{ atMs: point.atMs, value }];
  });
  const place = shape === "at-end" ? step : step / 2;
  const drawing =
    shape === "bars"
      ? known
          .filter(({ value }) => value > 0)
          .map(
            ({ atMs, value }) =>
              html`<rect x="${x(atMs).toFixed(1)}" y="${y(value).toFixed(1)}" width="${Math.max(1, x(atMs + step) - x(atMs) - 0.5).toFixed(1)}" height="${(top + stripHeight - y(value)).toFixed(1)}"/>`,
          )
      : unbroken(known, step).map(
          (points) =>
            html`<polyline points="${points.map(({ atMs, value }) => `${x(atMs + place).toFixed(1)},${y(value).toFixed(1)}`).join(" ")}"/>`,
        );
  return html`<g><text class="title" x="${left}" y="${top - 4}">${title}</text><text class="mark" x="${left - 6}" y="${top + 12}">${format(most)}</text><text class="mark" x="${left - 6}" y="${top + stripHeight}">0</text><line class="ground" x1="${left}" x2="${width - 4}" y1="${top + stripHeight}" y2="${top + stripHeight}"/>${drawing}${eventsMs.map((event) => html`<line class="event" x1="${x(event).toFixed(1)}" x2="${x(event).toFixed(1)}" y1="${top}" y2="${top + stripHeight}"/>`)}</g>`;
}

interface Known {
  readonly atMs: number;
  readonly value: number;
}

/** Where nothing was measured there is no line; a point alone has one of half a step. */
function unbroken(known: readonly Known[], step: number): readonly (readonly Known[])[] {
  const parts: Known[][] = [];
  for (const point of known) {
    const part = parts.at(-1);
    const before = part?.at(-1);
    if (part !== undefined && before !== undefined && point.atMs - before.atMs < 1.5 * step) part.push(point);
    else parts.push([point]);
  }
  return parts.map((part) =>
    part.length === 1 ? part.flatMap((one) => [one, { ...one, atMs: one.atMs + step / 2 }]) : part,
  );
}

function renderAxis(rollout: Rollout, height: number): Html {
  const { series } = rollout;
  const x = scaleX(rollout);
  const from = series[0]?.atMs ?? 0;
  const to = series.at(-1)?.atMs ?? 0;
  const stepS = Math.max(1, Math.ceil((to - from) / 8e3));
  const marks: number[] = [];
  for (let s = Math.ceil(from / 1e3 / stepS) * stepS; s * 1e3 <= to; s += stepS) marks.push(s);
  return html`${marks.map((s) => html`<text class="at" x="${x(s * 1e3).toFixed(1)}" y="${height - 6}">${s === 0 ? "event" : `${s} s`}</text>`)}`;
}
