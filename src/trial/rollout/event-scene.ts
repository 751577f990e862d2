/** What an event is done to, and with. */
import type { Backend } from "../../backend/backend-process.js";
import type { LaidLine } from "../../line/line-process.js";
import type { SeenProxy } from "../../proxy/seen-proxy.js";
import type { PreparedArm } from "../prepare-arms.js";
import type { DeadPeers } from "./dead-peers.js";
import type { RolloutWeather } from "./rollout-weather.js";
import type { SlowReaders } from "./slow-readers.js";

export interface EventScene {
  readonly arm: PreparedArm;
  readonly proxy: SeenProxy;
  /** Null where the arm's backend is not ours. */
  readonly backend: Backend | null;
  /** What the upstream is switched to; null where nothing switches it. */
  readonly nextBackend: Backend | null;
  /** Null where none are there. */
  readonly slowReaders: SlowReaders | null;
  /** Between clients and proxy; null where there is none. */
  readonly line: LaidLine | null;
  /** What comes over the line, and for how long; null where nothing does. */
  readonly weather: RolloutWeather | null;
  /** Null where none are there. */
  readonly deadPeers: DeadPeers | null;
  /** Of an upgrade; null for the same program again. */
  readonly toBinary: string | null;
  readonly signal: AbortSignal;
}
