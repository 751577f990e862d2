/**
 * Packets at a proxy into what its WebSockets carried. A connection from a client and the one to the backend that the proxy
 * opened for it are told by the key of the opening handshake (RFC 6455, 4.1), which every client draws and a proxy hands on.
 */
import type { Head } from "../websocket/head-reader.js";
import { valuesOf } from "../websocket/header-fields.js";
import { ByteStream } from "./byte-stream.js";
import type { ProxyPorts } from "./capture-filter.js";
import { MessageReader } from "./message-reader.js";
import { DirectionTally, Passage } from "./passage.js";
import { readSegment, type Segment } from "./segment.js";

/** One WebSocket on both sides of the proxy. */
interface Relayed {
  readonly up: Passage;
  readonly down: Passage;
  isPassedOn: boolean;
}

type Side = "client" | "upstream";

/** One TCP connection, of the client's or of the proxy's to the backend. */
class Leg {
  readonly request: ByteStream;
  readonly response: ByteStream;
  /** Null before its handshake, and for what is no WebSocket of the load's. */
  relayed: Relayed | null = null;
  readonly #readers: readonly MessageReader[];

  constructor(side: Side, find: (key: string) => Relayed | null) {
    const isClient = side === "client";
    const requests = new MessageReader("client", {
      head: (head) => {
        const key = keyOf(head);
        this.relayed = key === undefined ? null : find(key);
        return this.relayed !== null;
      },
      message: (sum, stampNs) =>
        isClient ? this.relayed?.up.enter(sum, stampNs) : this.relayed?.up.leave(sum, stampNs),
    });
    const responses = new MessageReader("server", {
      head: ({ firstLine }) => / 101( |$)/.test(firstLine) && this.relayed !== null,
      message: (sum, stampNs) =>
        isClient ? this.relayed?.down.leave(sum, stampNs) : this.relayed?.down.enter(sum, stampNs),
    });
    this.#readers = [requests, responses];
    this.request = new ByteStream(requests);
    this.response = new ByteStream(responses);
  }

  /** Whether it carried a WebSocket that could not be read to its end. */
  get isLost(): boolean {
    if (this.relayed === null) return false;
    return (
      this.request.isBroken || this.response.isBroken || this.#readers.some(({ isStopped }) => isStopped)
    );
  }
}

/** What was seen of WebSockets. */
export interface ConnectionTally {
  /** That clients opened. */
  readonly opened: number;
  /** Those of them that were seen on their way to the backend too. */
  readonly passedOn: number;
  /** TCP connections, on either side, of which bytes are missing or no frames. */
  readonly lost: number;
}

/** Of one load. */
export class RelayedConnections {
  readonly up = new DirectionTally();
  readonly down = new DirectionTally();
  readonly #sides: ReadonlyMap<number, Side>;
  /** By the port of the side that was connected to, and the address that connected. */
  readonly #legs = new Map<number, Map<number | string, Leg>>();
  readonly #byKey = new Map<string, Relayed>();
  readonly #segment: Segment = { from: 0, to: 0, peer: 0, sequence: 0, isSyn: false, start: 0, end: 0 };
  #lost = 0;

  constructor({ clients, upstreams }: ProxyPorts) {
    this.#sides = new Map<number, Side>([
      ...clients.map((port): [number, Side] => [port, "client"]),
      ...upstreams.map((port): [number, Side] => [port, "upstream"]),
    ]);
    for (const port of this.#sides.keys()) this.#legs.set(port, new Map());
  }

  /** @param at where the network header begins; the bytes are good until the call returns */
  take(buffer: Buffer, at: number, captured: number, length: number, stampNs: number): void {
    const segment = this.#segment;
    if (!readSegment(buffer, at, captured, length, this.#sides, segment)) return;
    const isRequest = this.#sides.has(segment.to);
    const port = isRequest ? segment.to : segment.from;
    const leg = this.#legOf(port, segment, isRequest);
    if (leg === undefined) return;
    const stream = isRequest ? leg.request : leg.response;
    if (segment.isSyn) stream.begin(segment.sequence);
    else if (segment.end > at + captured) stream.break();
    else stream.take(segment.sequence, buffer, segment.start, segment.end, stampNs);
  }

  connections(): ConnectionTally {
    const relayed = [...this.#byKey.values()];
    const legs = [...this.#legs.values()].flatMap((byPeer) => [...byPeer.values()]);
    return {
      opened: relayed.length,
      passedOn: relayed.filter(({ isPassedOn }) => isPassedOn).length,
      lost: this.#lost + legs.filter(({ isLost }) => isLost).length,
    };
  }

  /** A new one where the side that connects opens it, be it from an address that had one before. */
  #legOf(port: number, { peer, isSyn }: Segment, isRequest: boolean): Leg | undefined {
    const byPeer = this.#legs.get(port) as Map<number | string, Leg>;
    const known = byPeer.get(peer);
    if (!isSyn || !isRequest) return known;
    if (known?.isLost) this.#lost++;
    const side = this.#sides.get(port) as Side;
    const leg = new Leg(side, (key) => (side === "client" ? this.#open(key) : this.#passOn(key)));
    byPeer.set(peer, leg);
    return leg;
  }

  #open(key: string): Relayed {
    const relayed = { up: new Passage(this.up), down: new Passage(this.down), isPassedOn: false };
    this.#byKey.set(key, relayed);
    return relayed;
  }

  #passOn(key: string): Relayed | null {
    const relayed = this.#byKey.get(key);
    if (relayed === undefined) return null;
    relayed.isPassedOn = true;
    return relayed;
  }
}

function keyOf({ fields }: Head): string | undefined {
  return valuesOf(fields, "sec-websocket-key")[0];
}
