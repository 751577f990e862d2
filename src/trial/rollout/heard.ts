/**
 * What the load of a rollout tells as it goes.
 */
import type { ConnectionNote } from "../../load/connection-note.js";
import type { WindowMessage } from "../../load/messages.js";
import { WindowGatherer } from "../soak/gather-windows.js";
import type { BillWindow } from "./bill.js";

/** Short enough to show a burst, long enough for a percentile. */
export const windowNs = 1e8;

/** What the load's windows told. */
export class Heard {
  readonly windows: BillWindow[] = [];
  readonly notes: ConnectionNote[] = [];
  readonly #gatherer = new WindowGatherer();
  #startNs: number | null = null;

  begin(startNs: number): void {
    this.#startNs = startNs;
  }

  told(message: WindowMessage, threads: number): void {
    this.notes.push(...message.notes);
    const window = this.#gatherer.add(message, threads);
    if (window === null || window.index < 0 || this.#startNs === null) return;
    this.windows.push({
      atNs: this.#startNs + window.index * windowNs,
      open: window.open,
      response: window.histograms.get("response") ?? null,
    });
  }
}
