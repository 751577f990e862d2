/**
 * Live progress on stderr. On a terminal one or two lines are rewritten in place; elsewhere, in CI for one, a
 * finished block is a plain line of its own, so that a log stays a log.
 */
import { createPaint } from "../draw/paint.js";
import { talkText } from "../draw/talk-text.js";
import { blockLine, liveLines } from "./progress-lines.js";
import type { ProgressState } from "./progress-state.js";

interface Progress {
  update(state: ProgressState): void;
  /** Prints a line that stays, above the live ones. */
  note(line: string): void;
  /** Clears the live lines; nothing is drawn afterwards but notes. */
  finish(): void;
}

interface ProgressOptions {
  readonly stream: ProgressStream;
  /** Rewrite lines in place; see `isInteractive`. */
  readonly tty: boolean;
  readonly colour: boolean;
  readonly width: number;
  /** Milliseconds, monotonic; `performance.now` when left out. */
  readonly nowMs?: () => number;
}

/** The part of `process.stderr` that progress needs. */
export interface ProgressStream {
  write(text: string): unknown;
  /** Present on terminals, and follows their size. */
  readonly columns?: number;
}

/** Ten times a second: more is flicker, and work beside a measurement. */
const redrawMs = 100;

export function createProgress(options: ProgressOptions): Progress {
  return options.tty ? new LiveProgress(options) : new PlainProgress(options.stream);
}

/**
 * The cursor is never hidden and always left at the end of what is drawn, so a crash leaves the terminal as it
 * should be.
 */
class LiveProgress implements Progress {
  readonly #options: ProgressOptions;
  readonly #nowMs: () => number;
  #latest: ProgressState | null = null;
  #drawnLines = 0;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #isFinished = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  update(state: ProgressState): void {
    if (this.#isFinished) return;
    this.#latest = state;
    if (this.#timer !== null) return;
    const waitMs = this.#drawnAtMs + redrawMs - this.#nowMs();
    if (waitMs <= 0) {
      this.#options.stream.write(this.#erasure() + this.#drawing());
      return;
    }
    // The last state before a silence has to show too, or a long phase would stand under the name of the one before.
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#options.stream.write(this.#erasure() + this.#drawing());
    }, waitMs);
    this.#timer.unref();
  }

  note(line: string): void {
    // One write, so that nothing else on the stream comes between.
    this.#options.stream.write(`${this.#erasure()}${talkText(line, this.#room())}\n${this.#drawing()}`);
  }

  finish(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#latest = null;
    this.#isFinished = true;
    const erasure = this.#erasure();
    if (erasure !== "") this.#options.stream.write(erasure);
  }

  /** Back to the first live line, and clears from there to the screen's end. */
  #erasure(): string {
    if (this.#drawnLines === 0) return "";
    const up = this.#drawnLines > 1 ? `\u001b[${this.#drawnLines - 1}A` : "";
    this.#drawnLines = 0;
    return `\r${up}\u001b[J`;
  }

  #room(): number {
    const { width, stream } = this.#options;
    return Math.min(width, stream.columns ?? width);
  }

  #drawing(): string {
    if (this.#latest === null) return "";
    const { colour } = this.#options;
    // One column stays free: a full line would wrap on some terminals, and the next erasure would miss a line.
    const room = Math.max(1, this.#room() - 1);
    const lines = liveLines(this.#latest, { width: room, paint: createPaint({ colour }) });
    this.#drawnLines = lines.length;
    this.#drawnAtMs = this.#nowMs();
    return lines.join("\n");
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

  note(line: string): void {
    this.#stream.write(`${talkText(line, this.#stream.columns)}\n`);
  }

  finish(): void {
    // The last block has no successor to tell that it is done, and the report that follows tells more.
    this.#latest = null;
  }
}
