/**
 * Lines on a terminal that are rewritten in place, with lines above them that stay.
 *
 * The cursor is never hidden and always left at the end of what is drawn, so a crash leaves the terminal as it should be.
 */
import { talkText } from "../draw/talk-text.js";

/** The part of `process.stderr` that progress needs. */
export interface ProgressStream {
  write(text: string): unknown;
  /** Present on terminals, and follows their size. */
  readonly columns?: number;
}

interface LiveLinesOptions {
  readonly stream: ProgressStream;
  readonly width: number;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
}

/** Ten times a second: more is flicker, and work beside a measurement. */
const redrawMs = 100;

/** The lines for so many columns, none wider. */
type Drawing = (columns: number) => readonly string[];

export class LiveLines {
  readonly #options: LiveLinesOptions;
  #latest: Drawing | null = null;
  #drawnLines = 0;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #isFinished = false;

  constructor(options: LiveLinesOptions) {
    this.#options = options;
  }

  draw(drawing: Drawing): void {
    if (this.#isFinished) return;
    this.#latest = drawing;
    if (this.#timer !== null) return;
    const waitMs = this.#drawnAtMs + redrawMs - this.#options.nowMs();
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

  /** A line that stays. */
  note(line: string): void {
    // One write, so that nothing else on the stream comes between.
    this.#options.stream.write(`${this.#erasure()}${talkText(line, this.#room())}\n${this.#drawing()}`);
  }

  /** Clears what is drawn; nothing is drawn afterwards. */
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
    // One column stays free: a full line would wrap on some terminals, and the next erasure would miss a line.
    const lines = this.#latest(Math.max(1, this.#room() - 1));
    this.#drawnLines = lines.length;
    this.#drawnAtMs = this.#options.nowMs();
    return lines.join("\n");
  }
}
