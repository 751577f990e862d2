import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeHeaders } from "#wsrally/http2/encode-headers.js";
import type { Session } from "#wsrally/http2/session.js";
import { frameOf } from "#wsrally/http2/write-frames.js";
import { fc } from "../support/seeded-fast-check.js";
import { frames, type WatchedSession, watchServer, watchSession } from "./support/watched-session.js";

const block = encodeHeaders([{ name: ":method", value: "CONNECT" }]);

const clientPreface = Buffer.from("SM\r\n\r\n", "latin1");

type Begin = () => Pick<WatchedSession, "events" | "takeSent"> & { readonly session: Session };

/** Ends whose peers may say anything now. */
const ends: Readonly<Record<string, Begin>> = {
  client: () => {
    const watched = watchSession();
    watched.read(frames.settings([8, 1]));
    for (const owner of [0, 1, 2]) watched.session.request(owner, block);
    watched.read(frames.ok(1));
    return watched;
  },
  server: () => {
    const watched = watchServer();
    watched.read(clientPreface, frames.settings(), frameOf(1, 4, 1, block));
    return watched;
  },
};

/** Everything that is told of a stream of bytes, cut where the cuts say. */
function toldOf(begin: Begin, bytes: Buffer, cuts: readonly number[]): { events: string[]; sent: string[] } {
  const { session, events, takeSent } = begin();
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...places, bytes.length]) {
    session.read(bytes, start, end);
    start = end;
  }
  return { events, sent: takeSent() };
}

/** Frames with all that may be wrong with them, and much that is right. */
const someFrame = fc
  .tuple(
    fc.integer({ min: 0, max: 10 }),
    fc.oneof(fc.constantFrom(0, 1, 4, 5, 8, 0x20), fc.integer({ min: 0, max: 255 })),
    fc.constantFrom(0, 1, 1, 3, 5, 7),
    fc.oneof(
      fc.constantFrom([0x88], [], [0, 0, 0, 1], [0, 8, 0, 0, 0, 1]).map((bytes) => Uint8Array.from(bytes)),
      fc.uint8Array({ maxLength: 40 }),
    ),
  )
  .map(([type, flag, stream, payload]) => frameOf(type, flag, stream, Buffer.from(payload)));

for (const [end, begin] of Object.entries(ends))
  describe(`a ${end}'s session takes any bytes`, () => {
    const cuts = fc.array(fc.nat(1000), { maxLength: 8 });

    it("frames, whatever is in them, the same wherever they are cut", () => {
      fc.assert(
        fc.property(fc.array(someFrame, { maxLength: 20 }), cuts, (all, places) => {
          const bytes = Buffer.concat(all);
          assert.deepEqual(toldOf(begin, bytes, places), toldOf(begin, bytes, []));
        }),
      );
    });

    it("bytes that are no frames", () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, places) => {
          const all = Buffer.from(bytes);
          assert.deepEqual(toldOf(begin, all, places), toldOf(begin, all, []));
        }),
      );
    });
  });
