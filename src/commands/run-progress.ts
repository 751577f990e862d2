/**
 * The series' progress in the words of the progress line.
 */

import type { AwaitedAgents } from "../cluster/call-roll.js";
import { isInteractive } from "../report/draw/is-interactive.js";
import { shouldUseColour } from "../report/draw/should-use-colour.js";
import { createProgress } from "../report/progress/create-progress.js";
import type { ProgressState } from "../report/progress/progress-state.js";
import type { SeriesProgress } from "../trial/series.js";
import { type Terminal, widthOf } from "./terminal.js";

export interface RunProgress {
  show(progress: SeriesProgress): void;
  /** How the comparison stands, in words; null for nothing to say. */
  standing(words: string | null): void;
  /** Agents are waited for; null when they are not any more. */
  awaits(awaited: AwaitedAgents | null): void;
  /** A line that stays. */
  note(line: string): void;
  /** A line of a log, which a terminal shows until the next one. */
  step(line: string): void;
  /** What a probe is doing, in a few words. */
  doing(words: string): void;
  finish(): void;
  /** States are shown one after the other; where not, a line a block stays. */
  readonly isLive: boolean;
}

export function createRunProgress({ stderr, env, talk }: Terminal): RunProgress {
  const signs = { isTty: stderr.isTTY === true, env };
  const isLive = talk === undefined && isInteractive(signs);
  const progress = createProgress({
    stream: stderr,
    kind: talk ?? (isLive ? "live" : "plain"),
    colour: shouldUseColour(signs),
    width: stderr.columns ?? widthOf(stderr),
  });
  let headline: string | null = null;
  let awaited: string | null = null;
  let rate: RateMeter = { received: 0, atMs: performance.now(), perS: null };
  return {
    show(state) {
      rate = measureRate(rate, state.live?.received ?? 0);
      progress.update(toProgressState(state, rate.perS, headline));
    },
    standing(words) {
      headline = words;
    },
    awaits(next) {
      const words = next === null ? null : `waiting for agents: ${next.words}`;
      // A log has it once for each thing that there is to wait for.
      if (!isLive && words !== null && words !== awaited)
        progress.note(`${words}; for ${Math.ceil(next?.secondsLeft ?? 0)} s at most`);
      awaited = words;
      if (isLive) headline = words;
      this.show({ ...preparing, secondsLeft: next?.secondsLeft ?? null });
    },
    note: (line) => progress.note(line),
    step(line) {
      if (isLive) headline = line;
      else progress.note(line);
    },
    doing: (words) => progress.doing(words),
    finish: () => progress.finish(),
    isLive: isLive || talk === "json",
  };
}

const preparing = { phase: "prepare", arm: null, block: -1, blocks: null, live: null } as const;

function toProgressState(state: SeriesProgress, perS: number | null, headline: string | null): ProgressState {
  const { phase, arm, block, blocks, live, secondsLeft } = state;
  return {
    phase,
    arm: arm?.plan.name ?? "",
    block,
    blocks,
    opened: (live?.opened ?? 0) - (live?.ended ?? 0),
    connections: arm?.plan.workload.connections ?? 0,
    ratePerS: perS,
    p50Us: live?.p50Ns == null ? null : live.p50Ns / 1e3,
    p99Us: live?.p99Ns == null ? null : live.p99Ns / 1e3,
    secondsLeft,
    headline,
  };
}

interface RateMeter {
  readonly received: number;
  readonly atMs: number;
  readonly perS: number | null;
}

/** A new trial starts from zero again: its first figure has nothing to be compared with. */
function measureRate(last: RateMeter, received: number): RateMeter {
  const atMs = performance.now();
  const perS =
    received < last.received || atMs === last.atMs
      ? null
      : ((received - last.received) * 1000) / (atMs - last.atMs);
  return { received, atMs, perS };
}
