/** The cases of RFC 6455 at the decoder alone, as a server's and as a client's, however the reads are cut. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Role } from "#wsrally/websocket/role.js";
import { fc } from "../support/seeded-fast-check.js";
import { cut, type DecodeOptions, decodeStream, everyByte } from "../websocket/support/decode-stream.js";
import { type Case, contentOf, type End, type Seen } from "./support/case.js";
import { sections } from "./support/sections.js";
import { type Frame, opcode, writeFrames } from "./support/wire.js";

const messageBytesMax = 16 * 1024 * 1024;

interface Outcome {
  readonly seen: readonly Seen[];
  readonly end: End | null;
}

function outcomeOf(chunks: readonly Buffer[], options: DecodeOptions): Outcome {
  const { events, closeCode } = decodeStream(chunks, options);
  const messages: Seen[] = [];
  let end: End | null = null;
  for (const [kind, content] of events) {
    if (kind === "close") {
      const code = content.slice(0, content.indexOf(" "));
      end = { kind: "closed", code: code === "null" ? null : Number(code) };
    } else messages.push([kind as Seen[0], contentOf(Buffer.from(content, "hex"))]);
  }
  if (closeCode !== null) {
    assert.equal(end, null, "a fault behind a close frame");
    end = { kind: "failed", code: closeCode as 1002 | 1007 | 1009 };
  }
  return { seen: messages, end };
}

/** Whole, byte by byte, in two at every place, and in odd pieces: as far as the stream's length allows. */
function cutsOf(stream: Buffer): readonly (readonly Buffer[])[] {
  const pieces = Array.from({ length: Math.ceil(stream.length / 997) }, (_, index) => index * 997);
  return [
    [stream],
    cut(stream, pieces),
    ...(stream.length > 4000 ? [] : [everyByte(stream)]),
    ...(stream.length > 400 ? [] : Array.from(stream.keys(), (at) => cut(stream, [at]))),
  ];
}

function wantedOf({ seen, end, unchecked }: Case, textCheck: "utf8" | "skip"): Outcome {
  return textCheck === "skip" && unchecked !== undefined ? unchecked : { seen, end };
}

for (const sender of ["client", "server"] satisfies Role[]) {
  describe(`RFC 6455 at the decoder of a ${sender}'s frames`, () => {
    for (const { title, cases } of sections) {
      it(title, () => {
        for (const one of cases) {
          const stream = writeFrames(one.sends, sender === "client");
          for (const chunks of cutsOf(stream)) {
            for (const textCheck of ["utf8", "skip"] as const) {
              const { seen, end } = wantedOf(one, textCheck);
              const outcome = outcomeOf(chunks, { sender, messageBytesMax, textCheck });
              const where = `${one.name}, in ${chunks.length} reads, text ${textCheck}`;
              assert.deepEqual([where, outcome], [where, { seen, end }]);
            }
          }
        }
      });
    }

    it("any cases one behind the other, their reads cut anywhere", () => {
      const short = sections
        .flatMap(({ cases }) => cases)
        .filter(({ sends }) => sends.every(({ payload }) => payload.length < 500));
      fc.assert(
        fc.property(
          fc.array(fc.constantFrom(...short.filter(isDone)), { maxLength: 6 }),
          fc.constantFrom(...short),
          fc.array(fc.nat({ max: 1 << 20 }), { maxLength: 20 }),
          (first, last, places) => {
            const sends = [...first.flatMap((one) => one.sends.slice(0, -1)), ...last.sends];
            const stream = writeFrames(sends, sender === "client");
            assert.deepEqual(outcomeOf(cut(stream, places), { sender, messageBytesMax }), {
              seen: [...first, last].flatMap((one) => one.seen),
              end: last.end,
            });
          },
        ),
        { numRuns: 300 },
      );
    });
  });
}

describe("RFC 6455, 5.3: masks", () => {
  it("any payload comes out as it went in, under any mask, its reads cut anywhere", () => {
    const mask = fc.oneof(fc.constantFrom(0, 0xff, 0xffffffff), fc.nat({ max: 0xffffffff }));
    const message = fc.record({ payload: fc.uint8Array({ maxLength: 300 }), mask, isLast: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 1 << 20 }), { maxLength: 20 }),
        (messages, places) => {
          const sends: Frame[] = [];
          const seen: Seen[] = [];
          let open: Buffer[] = [];
          for (const { payload, mask: word, isLast } of messages) {
            const fin = isLast || sends.length === messages.length - 1;
            const code = open.length === 0 ? opcode.binary : opcode.continuation;
            sends.push({ opcode: code, payload: Buffer.from(payload), fin, mask: word });
            open.push(Buffer.from(payload));
            if (!fin) continue;
            seen.push(["binary", contentOf(Buffer.concat(open))]);
            open = [];
          }
          const reads = cut(writeFrames(sends, true), places);
          assert.deepEqual(outcomeOf(reads, { sender: "client", messageBytesMax }), { seen, end: null });
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Whether only a close frame stands behind its messages, all of them whole. */
function isDone({ sends, end }: Case): boolean {
  const closeAt = sends.findIndex((frame) => frame.opcode === opcode.close);
  const data = sends.filter((frame) => frame.opcode < opcode.close);
  return end.kind === "closed" && closeAt === sends.length - 1 && data.at(-1)?.fin !== false;
}
