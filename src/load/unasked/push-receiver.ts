/**
 * Pushes as they arrive: each by its own instant in the backend's schedule, so that one that was held up makes none of
 * those behind it look better.
 */
import {
  createUnaskedMessage,
  isSameUnasked,
  type ReadUnasked,
  readUnasked,
} from "../../base/unasked-message.js";
import type { OpenConnections } from "../open-connections.js";
import type { Recorder } from "../recorder.js";

interface PushReceiverSettings {
  /** Of each push. */
  readonly bytes: number;
  readonly connections: number;
  readonly open: OpenConnections;
  readonly recorder: Recorder;
}

export class PushReceiver {
  /** Of pushes that were due in the measured window, those that came, each once. */
  delivered = 0;
  readonly #settings: PushReceiverSettings;
  readonly #wanted: Buffer;
  /** The number of the last that came, by connection: the backend numbers them from 1. */
  readonly #last: Uint32Array;
  /** 1 where the backend has said that no push follows. */
  readonly #hasEnded: Uint8Array;
  /** Connections that are to say so; null before they are waited for. */
  #awaited: Set<number> | null = null;

  constructor(settings: PushReceiverSettings) {
    this.#settings = settings;
    this.#wanted = createUnaskedMessage("push", settings.bytes);
    this.#last = new Uint32Array(settings.connections);
    this.#hasEnded = new Uint8Array(settings.connections);
  }

  /** From now on the backend's last words are waited for, on every connection that is open. */
  awaitEnd(): void {
    this.#awaited = new Set(this.#settings.open.list().filter((one) => this.#hasEnded[one] === 0));
  }

  /** Whether they have come. */
  get isDone(): boolean {
    return this.#awaited?.size === 0;
  }

  /** @param stampNs when the kernel received it; NaN where it was not told */
  came(connection: number, data: Buffer, start: number, end: number, stampNs: number): void {
    const { recorder } = this.#settings;
    const push = readUnasked(data, start);
    const isReadable = !Number.isNaN(push.number + push.dueNs + push.sentNs);
    if (!isReadable || !isSameUnasked(this.#wanted, data, start, end)) {
      recorder.failures.add("reply-wrong", "a push that is not as wsrally's backend sent it");
      return;
    }
    if (push.number <= (this.#last[connection] as number)) {
      recorder.failures.add("reply-duplicate", `push ${push.number} of a connection came twice`);
      return;
    }
    this.#last[connection] = push.number;
    if (recorder.isInWindow(push.dueNs)) this.#record(push, stampNs);
  }

  /** No push follows on this connection. */
  ended(connection: number): void {
    this.#hasEnded[connection] = 1;
    this.#awaited?.delete(connection);
  }

  /** It may be opened again, and the backend then numbers anew. */
  closed(connection: number): void {
    this.#last[connection] = 0;
    this.#hasEnded[connection] = 0;
    this.#awaited?.delete(connection);
  }

  #record({ dueNs, sentNs }: ReadUnasked, stampNs: number): void {
    const { recorder } = this.#settings;
    this.delivered++;
    if (Number.isNaN(stampNs)) return;
    recorder.record("push", stampNs - dueNs);
    recorder.record("pushLag", sentNs - dueNs);
  }
}
