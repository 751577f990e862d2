/**
 * What becomes of a thread's connections: counted, recorded, and taken up again where they are kept up.
 */
import { monotonicClock } from "../base/clock.js";
import type { ConnectionFault, OpeningTimes } from "./engine.js";
import type { LiveWriter } from "./live-figures.js";
import type { OpenConnections } from "./open-connections.js";
import type { Recorder } from "./recorder.js";
import { TlsTally } from "./tls-tally.js";
import type { Unasked } from "./unasked/unasked.js";
import type { Upkeep } from "./upkeep.js";

interface ConnectionEventSettings {
  /** None of them is open yet. */
  readonly open: OpenConnections;
  readonly recorder: Recorder;
  readonly live: LiveWriter;
  /** The first opening of a connection has ended, well or not. */
  readonly settled: () => void;
}

interface End {
  /** The thread has closed it because the trial is over. */
  readonly isClosing: boolean;
  /** As `EngineEvents.closed` has it. */
  readonly agoMs: number;
}

export class ConnectionEvents {
  readonly open: OpenConnections;
  readonly tls = new TlsTally();
  /** Null: what is lost stays lost. Set before the first is opened. */
  upkeep: Upkeep | null = null;
  /** Null: nothing comes unasked. Set before the first is opened. */
  unasked: Unasked | null = null;
  /** Of the first try of each. */
  openedCount = 0;
  failedCount = 0;
  readonly #settings: ConnectionEventSettings;

  constructor(settings: ConnectionEventSettings) {
    this.#settings = settings;
    this.open = settings.open;
  }

  opened(connection: number, { connectNs, tlsNs, upgradeNs, tls }: OpeningTimes): void {
    const { recorder, live, settled } = this.#settings;
    if (tls !== null) this.tls.add(tls);
    this.open.add(connection);
    this.unasked?.opened(connection);
    live.opened(monotonicClock.now());
    if (connectNs !== null) recorder.record("connect", connectNs);
    if (tlsNs !== null) recorder.record("tls", tlsNs);
    recorder.record("upgrade", upgradeNs);
    if (this.upkeep?.opened(connection) === false) return;
    this.openedCount++;
    settled();
  }

  failed(connection: number, { kind, code, detail }: ConnectionFault): void {
    const { recorder, live, settled } = this.#settings;
    recorder.failures.add(kind, detail, { code, stage: "opening" });
    live.add("failed");
    if (this.upkeep?.failed(connection) === false) return;
    this.failedCount++;
    settled();
  }

  closed(connection: number, { kind, code, detail }: ConnectionFault, { isClosing, agoMs }: End): void {
    const { recorder, live } = this.#settings;
    this.open.remove(connection);
    this.unasked?.closed(connection);
    recorder.ended(connection, isClosing);
    if (isClosing) return;
    live.add("ended");
    const isOwn = this.upkeep?.ended(connection, { kind, code, agoMs }) ?? false;
    if (!isOwn) recorder.failures.add(kind, detail, { code });
  }
}
