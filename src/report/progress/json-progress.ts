/** Progress for a program: an event a line, as JSON. Beside a measurement this is the only work there is, so it is rare. */
import type { ProgressEvent } from "../../results/progress-event.js";
import { talkEvent } from "../draw/talk-text.js";
import type { ProgressStream } from "./live-lines.js";
import type { ProgressState } from "./progress-state.js";

/** Within one phase of a trial; what begins is told at once. */
const apartMs = 1000;

export class JsonProgress {
  readonly #stream: ProgressStream;
  readonly #nowMs: () => number;
  #phase = "";
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #isFinished = false;

  constructor(stream: ProgressStream, nowMs: () => number) {
    this.#stream = stream;
    this.#nowMs = nowMs;
  }

  update(state: ProgressState): void {
    const { phase, arm, block, headline, blocks, opened, connections } = state;
    const here = JSON.stringify([phase, arm, block, headline]);
    const nowMs = this.#nowMs();
    if (this.#isFinished || (here === this.#phase && nowMs - this.#toldAtMs < apartMs)) return;
    this.#phase = here;
    this.#toldAtMs = nowMs;
    const { ratePerS, p50Us, p99Us, secondsLeft } = state;
    this.#write({
      event: "progress",
      phase,
      arm: arm === "" ? null : arm,
      block: block < 0 ? null : block,
      blocks,
      opened,
      connections,
      ratePerS,
      p50Us,
      p99Us,
      secondsLeft,
      standing: headline,
    });
  }

  doing(words: string): void {
    this.#write({ event: "note", message: words });
  }

  note(line: string): void {
    this.#write({ event: "note", message: line });
  }

  finish(): void {
    this.#isFinished = true;
  }

  #write(event: ProgressEvent): void {
    this.#stream.write(talkEvent(event));
  }
}
