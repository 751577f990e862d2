/**
 * What came on one end of a WebSocket, in the order in which it came. Of a peer that sends without end it keeps as much
 * as anybody looks at, and counts the rest.
 */
export type EndEvent =
  | { readonly kind: "message"; readonly atMs: number; readonly bytes: Buffer; readonly isBinary: boolean }
  | { readonly kind: "ping" | "pong"; readonly atMs: number; readonly bytes: Buffer }
  | { readonly kind: "close"; readonly atMs: number; readonly code: number | null; readonly reason: string }
  /** The other side sent its FIN, or a reset, or the connection broke. */
  | { readonly kind: "eof"; readonly atMs: number }
  | { readonly kind: "reset"; readonly atMs: number; readonly words: string }
  | { readonly kind: "protocol"; readonly atMs: number; readonly words: string };

export type EventKind = EndEvent["kind"];

const eventsKept = 1000;
const bytesKept = 16 * 1024 * 1024;

export class EndDiary {
  /** The first of them. */
  readonly events: EndEvent[] = [];
  readonly #first = new Map<EventKind, EndEvent>();
  readonly #counts = new Map<EventKind, number>();
  #keptBytes = 0;

  note(event: EndEvent): void {
    this.#counts.set(event.kind, this.count(event.kind) + 1);
    if (!this.#first.has(event.kind)) this.#first.set(event.kind, event);
    const size = "bytes" in event ? event.bytes.length : 0;
    if (this.events.length === eventsKept || this.#keptBytes + size > bytesKept) return;
    this.#keptBytes += size;
    this.events.push(event);
  }

  /** The first of a kind. */
  find<Kind extends EventKind>(kind: Kind): Extract<EndEvent, { kind: Kind }> | undefined {
    return this.#first.get(kind) as Extract<EndEvent, { kind: Kind }> | undefined;
  }

  count(kind: EventKind): number {
    return this.#counts.get(kind) ?? 0;
  }
}
