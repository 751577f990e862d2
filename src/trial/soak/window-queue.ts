/**
 * The windows of a soak on their way to whoever is told of them: each with what proxy and machine used in it, or void.
 */
import type { SeenProxy } from "../../proxy/seen-proxy.js";
import { unaskedRecordOf } from "../count-unasked.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { LoadWindow } from "./gather-windows.js";
import { type PartReading, pushedBetween, readParts, usedBetween } from "./part-readings.js";
import type { SoakSettings } from "./soak-settings.js";

interface QueueSettings extends Pick<SoakSettings, "plan" | "observer"> {
  readonly arm: PreparedArm;
}

/** Hands windows on one after the other, each with what proxy and machine used in it. */
export class WindowQueue {
  readonly #settings: QueueSettings;
  readonly #proxy: SeenProxy;
  #last: PartReading | null = null;
  #handed: Promise<void> = Promise.resolve();
  /** What was lost last of what agents said. */
  #gap: string | null = null;
  /** Windows that are over. */
  count = 0;

  constructor(settings: QueueSettings, proxy: SeenProxy) {
    this.#settings = settings;
    this.#proxy = proxy;
  }

  add(window: LoadWindow): void {
    const { plan, observer, arm } = this.#settings;
    const reading = readParts(this.#proxy, arm.backend);
    reading.catch(() => undefined);
    this.count = window.index + 1;
    this.#handed = this.#handed.then(async () => {
      const before = this.#last;
      const now = await reading;
      this.#last = now;
      if (window.torn.length > 0) return this.#void([...window.torn, window.index]);
      if (before === null) return;
      const startedAtMs = now.atMs - plan.windowS * 1e3;
      const durationNs = plan.windowS * 1e9;
      // What was due before the first window is not counted.
      const pushes = pushedBetween(window.index === 0 ? null : before, now);
      const unasked = unaskedRecordOf(arm.plan.workload, window, pushes);
      await observer.window({
        ...window,
        unasked,
        startedAtMs,
        durationNs,
        ...usedBetween(before, now),
      });
    });
    // Told by `settled`.
    this.#handed.catch(() => undefined);
  }

  /** Something is lost of what agents said; which window it was of shows when the next is whole. */
  gap(words: string): void {
    this.#gap = words;
  }

  /** @param missing windows that will not come any more */
  end(missing: readonly number[]): void {
    if (this.#gap === null) return;
    this.#handed = this.#handed.then(() => this.#void(missing));
    this.#handed.catch(() => undefined);
  }

  /** @throws what the observer threw */
  settled(): Promise<void> {
    return this.#handed;
  }

  async #void(indices: readonly number[]): Promise<void> {
    const reason = this.#gap ?? "a report of it did not come";
    for (const index of indices) if (index >= 0) await this.#settings.observer.voided({ index, reason });
  }
}
