/**
 * What became of a load stage by stage. A message belongs to the stage in which it was due, and any failure but a missing
 * reply to that in which it came about.
 */
import { LatencyRecorder } from "../../base/latency-recorder.js";

/** Of one stage; pairs as `LatencyRecorder.toPairs` has them. */
export interface StageReport {
  readonly due: number;
  readonly sent: number;
  readonly received: number;
  readonly failures: number;
  readonly roundTrip: Uint32Array;
  readonly wire: Uint32Array;
}

export class StageFigures {
  readonly #roundTrip: LatencyRecorder;
  readonly #wire: LatencyRecorder;
  readonly #due: Float64Array;
  readonly #sent: Float64Array;
  readonly #received: Float64Array;
  /** Messages that were answered wrong, by when they were due. */
  readonly #spoilt: Float64Array;
  readonly #failures: Float64Array;
  readonly #endsNs: readonly number[];
  readonly #measureNs: number;
  /** The stage of the last message, where most of the next are. */
  #current = 0;

  /** @param endsS of each stage, in seconds from the measured window's start */
  constructor(endsS: readonly number[], measureNs: number) {
    this.#measureNs = measureNs;
    this.#endsNs = endsS.map((endS) => measureNs + endS * 1e9);
    const stages = endsS.length;
    this.#roundTrip = new LatencyRecorder(stages);
    this.#wire = new LatencyRecorder(stages);
    this.#due = new Float64Array(stages);
    this.#sent = new Float64Array(stages);
    this.#received = new Float64Array(stages);
    this.#spoilt = new Float64Array(stages);
    this.#failures = new Float64Array(stages);
  }

  due(intendedNs: number): void {
    this.#add(this.#due, this.#at(intendedNs));
  }

  sent(intendedNs: number): void {
    this.#add(this.#sent, this.#at(intendedNs));
  }

  /** @param stampNs when the kernel received the reply, or NaN */
  answered(intendedNs: number, sentNs: number, nowNs: number, stampNs: number): void {
    const stage = this.#at(intendedNs);
    this.#add(this.#received, stage);
    this.#roundTrip.record(nowNs - sentNs, stage);
    if (!Number.isNaN(stampNs)) this.#wire.record(stampNs - sentNs, stage);
  }

  /** A reply that is none came for a message. */
  spoilt(intendedNs: number): void {
    this.#add(this.#spoilt, this.#at(intendedNs));
  }

  /** Anything else went amiss; what does so before the window is of no stage. */
  failed(nowNs: number, count: number): void {
    if (nowNs >= this.#measureNs) this.#add(this.#failures, this.#at(nowNs), count);
  }

  toReport(): StageReport[] {
    return Array.from(this.#due, (due, stage): StageReport => {
      const [sent, received] = [this.#sent[stage] ?? 0, this.#received[stage] ?? 0];
      const missing = sent - received - (this.#spoilt[stage] ?? 0);
      return {
        due,
        sent,
        received,
        failures: (this.#failures[stage] ?? 0) + missing,
        roundTrip: this.#roundTrip.toPairs(stage),
        wire: this.#wire.toPairs(stage),
      };
    });
  }

  #add(counts: Float64Array, stage: number, count = 1): void {
    counts[stage] = (counts[stage] as number) + count;
  }

  /** What is behind the last is of the last. */
  #at(timeNs: number): number {
    let stage = this.#current;
    while (stage > 0 && timeNs < (this.#endsNs[stage - 1] as number)) stage--;
    while (stage < this.#endsNs.length - 1 && timeNs >= (this.#endsNs[stage] as number)) stage++;
    this.#current = stage;
    return stage;
  }
}
