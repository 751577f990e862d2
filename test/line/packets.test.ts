/** Packets' addresses turned, held against checksums worked out anew (RFC 1071). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lineAddresses } from "#wsrally/line/line-addresses.js";
import {
  farByte,
  farOf,
  flowOf,
  isToClient,
  notCarried,
  passageOf,
  turnAddresses,
} from "#wsrally/line/packets.js";
import { fc } from "../support/seeded-fast-check.js";

const { near, loopback, clients, mortals } = lineAddresses;
const bytesOf = (address: string): number[] => address.split(".").map(Number);

interface Ends {
  readonly from: string;
  readonly to: string;
  readonly fromPort?: number;
  readonly toPort?: number;
}

function onesSum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** The checksums that such a packet has to have: of its header, and of TCP with the pseudo-header. */
function checksums(packet: Buffer): [number, number] {
  const header = Buffer.from(packet.subarray(0, 20));
  header.writeUInt16BE(0, 10);
  const segment = Buffer.from(packet.subarray(20));
  segment.writeUInt16BE(0, 16);
  const pseudo = Buffer.concat([packet.subarray(12, 20), Buffer.from([0, 6, 0, 0]), segment]);
  pseudo.writeUInt16BE(segment.length, 10);
  return [~onesSum(header) & 0xffff, ~onesSum(pseudo) & 0xffff];
}

function packet({ from, to, fromPort = 40_000, toPort = 8080 }: Ends, payload = Buffer.from("ping")): Buffer {
  const bytes = Buffer.alloc(40 + payload.length);
  bytes[0] = 0x45;
  bytes.writeUInt16BE(bytes.length, 2);
  bytes[8] = 64;
  bytes[9] = 6;
  bytes.set(bytesOf(from), 12);
  bytes.set(bytesOf(to), 16);
  bytes.writeUInt16BE(fromPort, 20);
  bytes.writeUInt16BE(toPort, 22);
  bytes[32] = 0x50;
  bytes.set(payload, 40);
  const [ip, tcp] = checksums(bytes);
  bytes.writeUInt16BE(ip, 10);
  bytes.writeUInt16BE(tcp, 36);
  return bytes;
}

describe("packets on the line", () => {
  const ways = [
    { from: near, to: clients, outFrom: clients, outTo: loopback, toClient: false },
    { from: near, to: mortals, outFrom: mortals, outTo: loopback, toClient: false },
    { from: loopback, to: clients, outFrom: clients, outTo: near, toClient: true },
    { from: loopback, to: mortals, outFrom: mortals, outTo: near, toClient: true },
  ];
  for (const { from, to, outFrom, outTo, toClient } of ways)
    it(`come out from ${outFrom} at ${outTo}, with good checksums`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 1460 }), (payload) => {
          const bytes = packet({ from, to }, Buffer.from(payload));
          const passage = passageOf(bytes, 0, bytes.length);
          assert.deepEqual([isToClient(passage), farOf(passage)], [toClient, farByte(to)]);
          turnAddresses(bytes, 0, bytes.length, passage);
          assert.equal(bytes.subarray(12, 20).join("."), `${outFrom}.${outTo}`);
          assert.deepEqual([bytes.readUInt16BE(10), bytes.readUInt16BE(36)], checksums(bytes));
        }),
      );
    });

  const strangers: readonly (readonly [string, Buffer])[] = [
    ["of another source", packet({ from: "10.77.0.9", to: clients })],
    ["to another network", packet({ from: near, to: "10.78.0.2" })],
    ["too short", packet({ from: near, to: clients }).subarray(0, 30)],
    ["of another protocol", Buffer.from(packet({ from: near, to: clients }).fill(17, 9, 10))],
    ["of IPv6", Buffer.from(packet({ from: near, to: clients }).fill(0x60, 0, 1))],
  ];
  for (const [what, bytes] of strangers)
    it(`are not carried: ${what}`, () => assert.equal(passageOf(bytes, 0, bytes.length), notCarried));

  it("have a flow each way for each port of a client", () => {
    const flow = (ends: Ends): number => {
      const bytes = packet(ends);
      return flowOf(bytes, 0, passageOf(bytes, 0, bytes.length));
    };
    const there = flow({ from: near, to: clients, fromPort: 50_001, toPort: 443 });
    const again = flow({ from: loopback, to: clients, fromPort: 443, toPort: 50_001 });
    assert.deepEqual([there % 2, again], [0, there + 1]);
    assert.notEqual(flow({ from: near, to: clients, fromPort: 50_002, toPort: 443 }), there);
  });
});
