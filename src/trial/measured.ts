/** What a trial leaves behind when it is over, before anything is made of it. */
import type { BackendReport } from "../backend/messages.js";
import type { LineFigures } from "../line/line-messages.js";
import type { StartOrder } from "../load/messages.js";
import type { ProxyExit } from "../proxy/proxy.js";
import type { ProxyDiary } from "../proxy/proxy-diary.js";
import type { ResidenceFigures } from "../residence/residence-messages.js";
import type { Misplaced } from "./check-placement.js";
import type { LoadResult } from "./merge-reports.js";
import type { TrialSettings } from "./trial-settings.js";
import type { SliceWish } from "./trial-slices.js";
import type { TrialMemory } from "./watch-memory.js";
import type { TrialOpening } from "./watch-opening.js";
import type { WindowReadings } from "./window-readings.js";

export interface Measured {
  readonly settings: TrialSettings;
  readonly startedAtMs: number;
  readonly order: StartOrder;
  /** Null for what somebody else runs. */
  readonly opening: TrialOpening | null;
  /** Null without a proxy. */
  readonly memory: TrialMemory | null;
  readonly readings: WindowReadings;
  /** Processor time of the proxy by slot, everybody's in order; null where it was not watched, or had the time to itself. */
  readonly slotUsedNs: readonly (number | null)[] | null;
  /** Processor time of this machine that all proxies under this load, and their backends, used between them. */
  readonly spentByAllNs: number;
  readonly result: LoadResult;
  /** Null where there is no line. */
  readonly line: LineFigures | null;
  /** Null where nobody asked, or there is no proxy. */
  readonly residence: ResidenceFigures | null;
  readonly final: BackendReport | null;
  /** What the proxy's log says by now. */
  readonly diary: ProxyDiary;
  /** How the proxy ended by itself; null where it did not. */
  readonly exit: ProxyExit | null;
  readonly misplaced: readonly Misplaced[];
  /** Taken by the hypervisor between two moments; null where nobody tells. */
  readonly stolenNs: SliceWish["stolenNs"];
}
