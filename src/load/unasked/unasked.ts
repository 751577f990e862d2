/** What comes to a thread's connections without being asked for: told apart from replies, and waited for at the end. */
import { unaskedKindOf, unaskedKinds } from "../../base/unasked-message.js";
import type { ThreadJob } from "../messages.js";
import type { OpenConnections } from "../open-connections.js";
import type { Recorder } from "../recorder.js";
import { PushReceiver } from "./push-receiver.js";
import type { UnaskedCounts, UnaskedOrder } from "./unasked-order.js";

interface UnaskedSettings {
  readonly open: OpenConnections;
  readonly recorder: Recorder;
}

/** Null when the job has none: then nobody looks for it. */
export function createUnasked(
  { unasked, connections }: Pick<ThreadJob, "unasked" | "connections">,
  settings: UnaskedSettings,
): Unasked | null {
  return unasked === null ? null : new Unasked(unasked, connections, settings);
}

export class Unasked {
  readonly #pushes: PushReceiver | null;

  constructor({ push }: UnaskedOrder, connections: number, settings: UnaskedSettings) {
    this.#pushes = push === null ? null : new PushReceiver({ ...settings, ...push, connections });
  }

  /** @returns whether the message was none for the recorder */
  takes(connection: number, data: Buffer, start: number, end: number, stampNs: number): boolean {
    switch (unaskedKindOf(data, start, end)) {
      case unaskedKinds.push:
        this.#pushes?.came(connection, data, start, end, stampNs);
        return true;
      case unaskedKinds.ends:
        this.#pushes?.ended(connection);
        return true;
      default:
        return false;
    }
  }

  /** An open connection is over. */
  closed(connection: number): void {
    this.#pushes?.closed(connection);
  }

  /** Nothing is sent any more: what is under way is waited for. */
  awaitRest(): void {
    this.#pushes?.awaitEnd();
  }

  /** Whether nothing is under way any more. */
  get isDone(): boolean {
    return this.#pushes?.isDone !== false;
  }

  counts(): UnaskedCounts {
    return { pushesDelivered: this.#pushes?.delivered ?? 0 };
  }
}
