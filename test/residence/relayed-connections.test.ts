/** Packets at a proxy, written here as a kernel shows them, into messages that were matched and those that were not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RelayedConnections } from "#wsrally/residence/relayed-connections.js";

const clients = 8080;
const upstreams = 9000;
const key = "dGhlIHNhbXBsZSBub25jZQ==";
const request = Buffer.from(`GET /sock HTTP/1.1\r\nSec-WebSocket-Key: ${key}\r\n\r\n`);
const response = Buffer.from("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");

/** A frame of fewer than 126 bytes. @param mask null for a server's. @param first its first byte: final and of text, or not */
function frame(text: string, mask: readonly number[] | null, first = 0x81): Buffer {
  const payload = Buffer.from(text);
  if (mask === null) return Buffer.from([first, payload.length, ...payload]);
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] as number));
  return Buffer.from([first, 0x80 | payload.length, ...mask, ...masked]);
}

const mask = [1, 2, 3, 4];
const otherMask = [9, 8, 7, 6];

/** One TCP connection's side: packets of it go to the observer one after the other. */
class Sender {
  readonly #seen: RelayedConnections;
  readonly #from: number;
  readonly #to: number;
  #sequence = 0xffff_fff0;

  constructor(seen: RelayedConnections, from: number, to: number) {
    this.#seen = seen;
    this.#from = from;
    this.#to = to;
  }

  open(): void {
    this.#packet(Buffer.alloc(0), this.#sequence, 0, 2);
    this.#sequence = (this.#sequence + 1) >>> 0;
  }

  /** @param at the stamp */
  send(data: Buffer, at: number): void {
    this.#packet(data, this.#sequence, at);
    this.#sequence = (this.#sequence + data.length) >>> 0;
  }

  /** As `send`, in two packets of which the second is seen first. */
  sendCrossed(data: Buffer, at: number): void {
    const half = data.length >> 1;
    this.#packet(data.subarray(half), (this.#sequence + half) >>> 0, at - 1);
    this.#packet(data.subarray(0, half), this.#sequence, at);
    this.#sequence = (this.#sequence + data.length) >>> 0;
  }

  /** Was sent, and not seen. */
  miss(data: Buffer): void {
    this.#sequence = (this.#sequence + data.length) >>> 0;
  }

  /** What was sent last, again. */
  again(data: Buffer, at: number): void {
    this.#packet(data, (this.#sequence - data.length) >>> 0, at);
  }

  #packet(data: Buffer, sequence: number, at: number, flags = 0x18): void {
    const packet = Buffer.alloc(40 + data.length);
    packet[0] = 0x45;
    packet.writeUInt16BE(packet.length, 2);
    packet[9] = 6;
    packet.writeUInt32BE(0x7f00_0001, 12);
    packet.writeUInt32BE(0x7f00_0001, 16);
    packet.writeUInt16BE(this.#from, 20);
    packet.writeUInt16BE(this.#to, 22);
    packet.writeUInt32BE(sequence, 24);
    packet[32] = 0x50;
    packet[33] = flags;
    data.copy(packet, 40);
    // As in the ring, where a packet begins anywhere, and may be padded.
    const ring = Buffer.concat([Buffer.alloc(7), packet, Buffer.alloc(6)]);
    this.#seen.take(ring, 7, packet.length + 6, packet.length + 6, at);
  }
}

interface Scene {
  readonly seen: RelayedConnections;
  readonly client: Sender;
  readonly toClient: Sender;
  readonly toBackend: Sender;
  readonly backend: Sender;
}

/** A WebSocket through a proxy, open on both sides, and a window of all stamps from 100 to 1,000. */
function scene(): Scene {
  const seen = new RelayedConnections({ clients: [clients], upstreams: [upstreams] });
  for (const direction of [seen.up, seen.down]) direction.setWindow(100, 1000);
  const opened = {
    client: new Sender(seen, 50_001, clients),
    toClient: new Sender(seen, clients, 50_001),
    toBackend: new Sender(seen, 50_002, upstreams),
    backend: new Sender(seen, upstreams, 50_002),
  };
  for (const sender of Object.values(opened)) sender.open();
  opened.client.send(request, 10);
  opened.toBackend.send(request, 11);
  opened.backend.send(response, 12);
  opened.toClient.send(response, 13);
  return { seen, ...opened };
}

describe("RelayedConnections", () => {
  const rows: readonly {
    readonly what: string;
    readonly act: (scene: Scene) => void;
    /** Messages that came, left, and left without having come. */
    readonly up: readonly [number, number, number];
    readonly down?: readonly [number, number, number];
    readonly longestNs?: number;
    readonly lost?: number;
  }[] = [
    {
      what: "a message there and its answer back",
      act: ({ client, toBackend, backend, toClient }) => {
        client.send(frame("ping", mask), 100);
        toBackend.send(frame("ping", mask), 130);
        backend.send(frame("pong", null), 140);
        toClient.send(frame("pong", null), 160);
      },
      up: [1, 1, 0],
      down: [1, 1, 0],
      longestNs: 30,
    },
    {
      what: "a mask that the proxy drew anew",
      act: ({ client, toBackend }) => {
        client.send(frame("ping", mask), 100);
        toBackend.send(frame("ping", otherMask), 107);
      },
      up: [1, 1, 0],
      longestNs: 7,
    },
    {
      what: "messages that come apart and leave together",
      act: ({ client, toBackend }) => {
        client.send(frame("one", mask), 100);
        client.send(frame("two", mask), 110);
        toBackend.send(Buffer.concat([frame("one", mask), frame("two", mask)]), 150);
      },
      up: [2, 2, 0],
      longestNs: 50,
    },
    {
      what: "a message cut within its header and within its payload, by its last byte",
      act: ({ client, toBackend }) => {
        const bytes = frame("a longer message", mask);
        for (const [at, [from, to]] of [
          [0, 1],
          [1, 4],
          [4, 12],
          [12, bytes.length],
        ].entries())
          client.send(bytes.subarray(from, to), 100 + at);
        toBackend.send(bytes, 110);
      },
      up: [1, 1, 0],
      longestNs: 7,
    },
    {
      what: "a message in fragments that leaves whole, and a ping between them that does not count",
      act: ({ client, toBackend }) => {
        client.send(frame("pi", mask, 0x01), 100);
        client.send(frame("are you there", mask, 0x89), 101);
        client.send(frame("ng", mask, 0x80), 102);
        toBackend.send(frame("ping", otherMask), 110);
      },
      up: [1, 1, 0],
      longestNs: 8,
    },
    {
      what: "packets sent again, and seen in another order",
      act: ({ client, toBackend }) => {
        client.send(frame("one", mask), 100);
        client.again(frame("one", mask), 120);
        client.sendCrossed(frame("two", mask), 130);
        toBackend.send(frame("one", mask), 140);
        toBackend.again(frame("one", mask), 190);
        toBackend.send(frame("two", mask), 150);
      },
      up: [2, 2, 0],
      longestNs: 40,
    },
    {
      what: "a message that never leaves, and one behind it",
      act: ({ client, toBackend }) => {
        client.send(frame("one", mask), 100);
        client.send(frame("two", mask), 110);
        toBackend.send(frame("two", mask), 120);
      },
      up: [2, 1, 0],
      longestNs: 10,
    },
    {
      what: "a message that leaves otherwise than it came",
      act: ({ client, toBackend }) => {
        client.send(frame("one", mask), 100);
        toBackend.send(frame("won", mask), 110);
      },
      up: [1, 0, 1],
    },
    {
      what: "messages before and behind the window",
      act: ({ client, toBackend }) => {
        for (const [text, at] of [
          ["a", 99],
          ["b", 999],
          ["c", 1000],
        ] as const) {
          client.send(frame(text, mask), at);
          toBackend.send(frame(text, mask), at + 5);
        }
      },
      up: [1, 1, 0],
      longestNs: 5,
    },
    {
      what: "a packet that was not seen, after which nothing of it is believed",
      act: ({ client, toBackend }) => {
        client.miss(frame("one", mask));
        client.send(frame("two", mask), 110);
        toBackend.send(frame("one", mask), 120);
      },
      up: [0, 0, 1],
      lost: 1,
    },
    {
      what: "bytes that are no frames",
      act: ({ client }) => client.send(Buffer.from("GET / HTTP/1.1\r\n"), 100),
      up: [0, 0, 0],
      lost: 1,
    },
  ];
  for (const { what, act, up, down = [0, 0, 0], longestNs, lost = 0 } of rows)
    it(`matches ${what}`, () => {
      const all = scene();
      act(all);
      const { seen } = all;
      const told = [seen.up, seen.down].map(({ came, left, strays }) => [came, left, strays]);
      assert.deepEqual(told, [up, down]);
      assert.equal(seen.up.recorder.toHistogram().max(), longestNs ?? null);
      assert.deepEqual(seen.connections(), { opened: 1, passedOn: 1, lost });
    });

  it("knows a WebSocket that the proxy does not pass on, and a client that comes again from the same port", () => {
    const { seen, client, toBackend } = scene();
    client.open();
    client.send(Buffer.from(request.toString().replace(key, "AAAAAAAAAAAAAAAAAAAAAA==")), 20);
    client.send(frame("one", mask), 100);
    toBackend.send(frame("one", mask), 110);
    assert.deepEqual(seen.connections(), { opened: 2, passedOn: 1, lost: 0 });
    assert.deepEqual([seen.up.came, seen.up.left, seen.up.strays], [1, 0, 1]);
  });
});
