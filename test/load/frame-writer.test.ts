/**
 * What a socket does not take: kept in order, at a cost that grows with its bytes and not with their square.
 */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { isLinuxLayerAvailable } from "#wsrally/linux/linux-layer.js";
import type { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { FrameWriter } from "#wsrally/load/frame-writer.js";
import { type Streams, streamOutcomes } from "#wsrally/load/streams.js";
import { unlessLacking } from "../support/lacking.js";

const linuxOnly = unlessLacking(isLinuxLayerAvailable().available ? null : "the Linux layer");
const frame = Buffer.alloc(1000, "x");

/** A socket that is full until it is told to take something. */
class Socket {
  room = 0;
  readonly taken: Buffer[] = [];

  get streams(): Streams {
    const send = (_: number, source: PinnedBuffer, start: number, end: number): number => {
      const length = Math.min(this.room, end - start);
      if (length === 0) return streamOutcomes.again;
      this.room -= length;
      this.taken.push(Buffer.from(source.bytes.subarray(start, start + length)));
      return length;
    };
    return { send } as unknown as Streams;
  }
}

function writerOn(socket: Socket): FrameWriter {
  return new FrameWriter(socket.streams, {
    blocked: () => undefined,
    unblocked: () => undefined,
    failed: () => assert.fail("it is only full"),
  });
}

/** Bytes copied while so many frames are kept. */
function copiedFor(test: TestContext, frames: number): number {
  const writer = writerOn(new Socket());
  const [copy, concat] = [test.mock.method(Buffer.prototype, "copy"), test.mock.method(Buffer, "concat")];
  for (let count = 0; count < frames; count++) writer.bytes(0, frame);
  const lengthOf = (result: unknown): number =>
    typeof result === "number" ? result : Buffer.isBuffer(result) ? result.length : 0;
  const calls = [...copy.mock.calls, ...concat.mock.calls];
  for (const mocked of [copy, concat]) mocked.mock.restore();
  return calls.reduce((sum, { result }) => sum + lengthOf(result), 0);
}

describe("FrameWriter on a socket that takes nothing", linuxOnly, () => {
  it("copies a frame a few times, however many wait before it", (test) => {
    for (const frames of [100, 1000, 4000]) {
      const copies = copiedFor(test, frames) / (frames * frame.length);
      assert.ok(copies <= 5, `${copies} copies of each of ${frames} frames`);
    }
  });

  it("sends what waited in order, in whatever pieces the socket takes", () => {
    const socket = new Socket();
    const writer = writerOn(socket);
    const sent = Array.from({ length: 300 }, (_, index) => Buffer.alloc(1 + (index % 700), index % 251));
    sent.forEach((bytes, index) => {
      socket.room = index % 7 === 0 ? 900 : 0;
      writer.bytes(0, bytes);
      writer.flush(0);
    });
    while (Buffer.concat(socket.taken).length < Buffer.concat(sent).length) {
      socket.room = 997;
      writer.flush(0);
    }
    assert.deepEqual(Buffer.concat(socket.taken), Buffer.concat(sent));
  });
});
