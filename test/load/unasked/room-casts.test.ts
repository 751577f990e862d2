/** What comes to a member of a room that was on its way in when it was sent. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { unaskedKindOf, unaskedKinds } from "#wsrally/base/unasked-message.js";
import { ns } from "#wsrally/base/units.js";
import { createLiveMemory, LiveWriter } from "#wsrally/load/live-figures.js";
import { createMessageSource } from "#wsrally/load/message-source.js";
import { Recorder } from "#wsrally/load/recorder.js";
import { plainShape } from "#wsrally/load/shape/load-shape.js";
import { RoomCasts } from "#wsrally/load/unasked/room-casts.js";

const order = {
  startNs: 1,
  measureNs: 0,
  endNs: 1e9,
  readingsNs: { first: 0, last: 1e9 },
  sendUntilNs: 1e9,
  drainNs: 1e9,
  ratePerS: 1,
  castsPerS: 0.5,
  arrivals: "uniform",
  phase: 0,
} as const;

/** A room of three, of whom the last has asked to join and was not told yet; and the message sent to it. */
function sendOne(): { casts: RoomCasts; recorder: Recorder; message: Buffer } {
  const source = createMessageSource({ kind: "ping" }, { seed: 1, answers: ["pong"] });
  const recorder = new Recorder(3, source, new LiveWriter(createLiveMemory()));
  const sent: Buffer[] = [];
  const due: (() => void)[] = [];
  const casts = new RoomCasts({
    ...{ connections: 3, firstConnection: 0, room: 3, bytes: 64, seed: 1, recorder },
    engine: {
      send: (_, data) => sent.push(Buffer.from(data as Buffer)) > 0,
      timers: {
        at: (_, callback) => {
          due.push(callback);
          return () => undefined;
        },
      },
    },
    clock: { now: () => ns(5e8) },
    settled: () => undefined,
  });
  for (const connection of [0, 1, 2]) casts.opened(connection);
  for (const connection of [0, 1]) casts.joined(connection);
  recorder.begin(order, plainShape);
  casts.start(order);
  for (const callback of due.splice(0)) callback();
  const message = sent.find((data) => unaskedKindOf(data, 0, data.length) === unaskedKinds.cast);
  assert.ok(message !== undefined);
  return { casts, recorder, message };
}

describe("a message to a room", () => {
  it("that comes to a member once it has joined, behind all others, is no duplicate and not missing", () => {
    const { casts, recorder, message } = sendOne();
    const comesTo = (connection: number): void => casts.came(connection, message, 0, message.length, 6e8);
    comesTo(0);
    comesTo(1);
    casts.joined(2);
    comesTo(2);
    assert.deepEqual(recorder.failures.list(), []);
    assert.deepEqual([casts.counts.deliveriesExpected, casts.counts.deliveriesCame], [3, 3]);
    comesTo(1);
    assert.deepEqual(
      recorder.failures.list().map(({ kind, count }) => [kind, count]),
      [["reply-duplicate", 1]],
    );
  });
});
