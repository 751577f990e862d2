/**
 * Live progress on stderr. On a terminal one or two lines are rewritten in place; elsewhere, in CI for one, a
 * finished block is a plain line of its own, so that a log stays a log; for a program each event is a line of JSON.
 */
import { createPaint } from "../draw/paint.js";
import { cutToWidth, escapeControls } from "../draw/plain-text.js";
import { talkText } from "../draw/talk-text.js";
import { JsonProgress } from "./json-progress.js";
import { LiveLines, type ProgressStream } from "./live-lines.js";
import { blockLine, liveLines } from "./progress-lines.js";
import type { ProgressState } from "./progress-state.js";

export interface Progress {
  update(state: ProgressState): void;
  /** What a probe is doing, in a few words. */
  doing(words: string): void;
  /** Prints a line that stays, above the live ones. */
  note(line: string): void;
  /** Clears the live lines; nothing is drawn afterwards but notes. */
  finish(): void;
}

interface ProgressOptions {
  readonly stream: ProgressStream;
  /** `live` rewrites lines in place; see `isInteractive`. */
  readonly kind: "live" | "plain" | "json";
  readonly colour: boolean;
  readonly width: number;
  /** Milliseconds, monotonic; `performance.now` when left out. */
  readonly nowMs?: () => number;
}

export function createProgress(options: ProgressOptions): Progress {
  const { stream, kind, colour, width, nowMs = () => performance.now() } = options;
  switch (kind) {
    case "live":
      return new LiveProgress(new LiveLines({ stream, width, nowMs }), colour);
    case "plain":
      return new PlainProgress(stream);
    case "json":
      return new JsonProgress(stream, nowMs);
  }
}

class LiveProgress implements Progress {
  readonly #lines: LiveLines;
  readonly #colour: boolean;

  constructor(lines: LiveLines, colour: boolean) {
    this.#lines = lines;
    this.#colour = colour;
  }

  update(state: ProgressState): void {
    const paint = createPaint({ colour: this.#colour });
    this.#lines.draw((width) => liveLines(state, { width, paint }));
  }

  doing(words: string): void {
    this.#lines.draw((width) => [cutToWidth(escapeControls(words), width)]);
  }

  note(line: string): void {
    this.#lines.note(line);
  }

  finish(): void {
    this.#lines.finish();
  }
}

/** One line a block: known to be done when the next one begins. */
class PlainProgress implements Progress {
  readonly #stream: ProgressStream;
  #latest: ProgressState | null = null;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  update(state: ProgressState): void {
    if (this.#latest !== null && this.#latest.block >= 0 && state.block > this.#latest.block) {
      const seconds = state.secondsLeft ?? this.#latest.secondsLeft;
      const headline = state.headline ?? this.#latest.headline;
      this.#stream.write(`${blockLine({ ...this.#latest, secondsLeft: seconds, headline })}\n`);
    }
    this.#latest = state;
  }

  doing(words: string): void {
    this.note(words);
  }

  note(line: string): void {
    this.#stream.write(`${talkText(line, this.#stream.columns)}\n`);
  }

  finish(): void {
    // The last block has no successor to tell that it is done, and the report that follows tells more.
    this.#latest = null;
  }
}
