/** A run's progress in words: two lines for a terminal, one for a log. */

import type { ProgressPhase } from "../../results/progress-event.js";
import type { Paint } from "../draw/paint.js";
import { cutToWidth, displayWidth, escapeControls } from "../draw/plain-text.js";
import { formatCount, formatPerS, formatSecondsLeft, formatUs } from "../words/format.js";
import type { ProgressState } from "./progress-state.js";

const doing: Readonly<Record<ProgressPhase, string>> = {
  prepare: "preparing",
  calibrate: "finding the load",
  "burn-in": "burning in",
  soak: "soaking",
  watch: "watching who is lost and who comes back",
  connect: "connecting",
  "warm-up": "warming up",
  measure: "measuring",
  drain: "waiting for replies",
  stop: "stopping",
};

const barCells = 10;
const separator = "  ";

interface LiveLineOptions {
  /** No line is wider. */
  readonly width: number;
  readonly paint: Paint;
}

/** One line on where the run is, and one on what it has found, when there is anything. */
export function liveLines(state: ProgressState, { width, paint }: LiveLineOptions): string[] {
  const parts = [
    blockBar(state),
    ...blockWords(state),
    `${escapeControls(state.arm)} ${doing[state.phase]}`.trimStart(),
    ...(["connect", "soak", "watch"].includes(state.phase)
      ? [`${formatCount(state.opened)} of ${formatCount(state.connections)} open`]
      : []),
    ...readings(state),
    ...(state.secondsLeft === null ? [] : [`${formatSecondsLeft(state.secondsLeft)} left`]),
  ];
  const where = cutToWidth(joinWhatFits(parts, width), width);
  if (state.headline === null) return [where];
  return [where, paint("dim", cutToWidth(escapeControls(state.headline), width))];
}

/** A block that is done, as the state last seen in it tells. */
export function blockLine(state: ProgressState): string {
  const done = `${blockWords(state).join("")} done`;
  const left = state.secondsLeft === null ? "" : `, ${formatSecondsLeft(state.secondsLeft)} left`;
  return `${done}${left}${state.headline === null ? "" : `; ${escapeControls(state.headline)}`}`;
}

function readings({ ratePerS, p50Us, p99Us }: ProgressState): string[] {
  return [
    ...(ratePerS === null ? [] : [`${formatPerS(ratePerS)}/s`]),
    ...(p50Us === null ? [] : [`p50 ${formatUs(p50Us)}`]),
    ...(p99Us === null ? [] : [`p99 ${formatUs(p99Us)}`]),
  ];
}

/** Nothing before the first block. */
function blockWords({ phase, block, blocks }: ProgressState): string[] {
  if (block < 0 || blocks === null) return [];
  if (phase === "soak")
    return [`window ${formatCount(Math.min(block + 1, blocks))} of ${formatCount(blocks)}`];
  return [`block ${formatCount(block + 1)} of at most ${formatCount(blocks)}`];
}

/** `[###.......]`, by blocks done. */
function blockBar({ block, blocks }: ProgressState): string {
  const share = blocks !== null && blocks > 0 ? Math.min(1, Math.max(0, block / blocks)) : 0;
  const full = Math.round(share * barCells);
  return `[${"#".repeat(full)}${".".repeat(barCells - full)}]`;
}

/** Leaves out from the bar on whatever the width has no room for; what is being done stays longest. */
function joinWhatFits(parts: readonly string[], width: number): string {
  const [, ...withoutBar] = parts;
  const whole = parts.join(separator);
  if (displayWidth(whole) <= width) return whole;
  let fitting = withoutBar;
  while (fitting.length > 2 && displayWidth(fitting.join(separator)) > width) fitting = fitting.slice(0, -1);
  return fitting.join(separator);
}
