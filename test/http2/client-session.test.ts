import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeHeaders } from "#wsrally/http2/encode-headers.js";
import type { Stream } from "#wsrally/http2/stream.js";
import { frames, type WatchedSession, watchSession } from "./support/watched-session.js";

const block = encodeHeaders([{ name: ":method", value: "CONNECT" }]);
const { settings, ok, data, of } = frames;

/** Settled, with an accepted stream 1 and an unanswered stream 3; nothing is left to be looked at. */
function begun(...more: readonly (readonly [number, number])[]): WatchedSession & { readonly first: Stream } {
  const watched = watchSession();
  watched.read(settings([8, 1], ...more));
  const first = watched.session.request(0, block);
  watched.session.request(1, block);
  watched.read(ok(1));
  watched.events.splice(0);
  watched.takeSent();
  return { ...watched, first };
}

function queue({ session, first }: ReturnType<typeof begun>, bytes: number): void {
  session.queueData(first, Buffer.alloc(bytes));
}

describe("ClientSession is told", () => {
  const rows: readonly (readonly [what: string, sends: readonly Buffer[], events: readonly string[]])[] = [
    ["data", [data(1, "abc")], ["data 1 abc"]],
    ["data with padding", [data(1, "\x02abc\0\0", 8)], ["data 1 abc"]],
    ["data that is padding alone", [data(1, "\x02\0\0", 8)], []],
    ["the end of a stream, with its last data", [data(1, "a", 1)], ["data 1 a", "ended 1"]],
    [
      "an answer in pieces",
      [ok(3, 0).subarray(0, 9), of("continuation", 4, 3, "88")].map(emptied),
      ["answered 3 200"],
    ],
    [
      "an answer with padding and priority",
      [of("headers", 0x2c, 3, "01 00000000 10 88 00")],
      ["answered 3 200"],
    ],
    ["early hints, then the answer", [of("headers", 4, 3, "08 03 313033"), ok(3)], ["answered 3 200"]],
    ["RST_STREAM", [of("rstStream", 0, 3, "00000007")], ["reset 3 REFUSED_STREAM", "vacated"]],
    [
      "GOAWAY",
      [of("goaway", 0, 0, "00000001 0000000b"), data(1, "a")],
      ["goaway ENHANCE_YOUR_CALM [3]", "vacated", "data 1 a"],
    ],
    ["nothing by frames of no known type", [frames.of("priority", 0, 1, "0000000000"), unknownFrame()], []],
    [
      "nothing by data of a stream that is over",
      [of("rstStream", 0, 3, "00000008"), data(3, "late")],
      ["reset 3 CANCEL", "vacated"],
    ],
  ];
  for (const [what, sends, events] of rows)
    it(`of ${what}`, () => {
      const watched = begun();
      watched.read(...sends);
      assert.deepEqual(watched.events, events);
    });

  it("that the other side speaks HTTP/1", () => {
    const watched = watchSession();
    watched.read(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
    assert.deepEqual(watched.events, ["broken HTTP_1_1_REQUIRED: an answer in HTTP/1"]);
  });
});

describe("ClientSession ends a connection", () => {
  const rows: readonly (readonly [error: string, sends: readonly Buffer[]])[] = [
    ["FRAME_SIZE_ERROR: a frame of 16385 bytes", [data(1, "a".repeat(16_385))]],
    ["FRAME_SIZE_ERROR: PING of 7 bytes", [of("ping", 0, 0, "00000000000000")]],
    ["FRAME_SIZE_ERROR: RST_STREAM of 3 bytes", [of("rstStream", 0, 1, "000000")]],
    ["FRAME_SIZE_ERROR: SETTINGS of 5 bytes", [of("settings", 0, 0, "0000000000")]],
    ["FRAME_SIZE_ERROR: WINDOW_UPDATE of 2 bytes", [of("windowUpdate", 0, 1, "0000")]],
    ["PROTOCOL_ERROR: DATA for stream 0", [data(0, "a")]],
    ["PROTOCOL_ERROR: DATA shorter than its padding", [data(1, "\x04abc", 8)]],
    ["PROTOCOL_ERROR: DATA before an answer", [data(3, "a")]],
    ["PROTOCOL_ERROR: stream 5, which is idle", [data(5, "a")]],
    ["PROTOCOL_ERROR: stream 2, which is idle", [ok(2)]],
    ["PROTOCOL_ERROR: a frame of type 4 for stream 1", [of("settings", 0, 1)]],
    ["PROTOCOL_ERROR: a frame of type 3 for stream 0", [of("rstStream", 0, 0, "00000000")]],
    ["PROTOCOL_ERROR: PUSH_PROMISE, which was turned off", [of("pushPromise", 4, 1, "00000002 88")]],
    ["PROTOCOL_ERROR: HEADERS shorter than its padding", [of("headers", 12, 3, "09 88")]],
    ["PROTOCOL_ERROR: a header block is interrupted", [of("headers", 0, 3, "88"), data(1, "a")]],
    ["PROTOCOL_ERROR: CONTINUATION without HEADERS", [of("continuation", 4, 3, "88")]],
    ["PROTOCOL_ERROR: WINDOW_UPDATE of 0 bytes", [of("windowUpdate", 0, 1, "00000000")]],
    ["FLOW_CONTROL_ERROR: a window of more than 2^31 - 1 bytes", [of("windowUpdate", 0, 0, "7fffffff")]],
    ["FLOW_CONTROL_ERROR: SETTINGS_INITIAL_WINDOW_SIZE of 2147483648", [settings([4, 2 ** 31])]],
    ["PROTOCOL_ERROR: SETTINGS_ENABLE_CONNECT_PROTOCOL of 0", [settings([8, 0])]],
    ["PROTOCOL_ERROR: SETTINGS_MAX_FRAME_SIZE of 100", [settings([5, 100])]],
    ["COMPRESSION_ERROR: a header block that cannot be decoded", [of("headers", 4, 3, "ff")]],
    ["STREAM_CLOSED: DATA behind the end of a stream", [data(1, "", 1), data(1, "a")]],
    [
      "ENHANCE_YOUR_CALM: a header block of more than 64 KiB, or 64 frames",
      [of("headers", 0, 3), ...Array.from({ length: 65 }, () => of("continuation", 0, 3))],
    ],
  ];
  for (const [error, sends] of rows)
    it(error, () => {
      const watched = begun();
      watched.read(...sends, data(1, "unread"));
      assert.deepEqual(watched.events.at(-1), `broken ${error}`);
      assert.equal(watched.takeSent().at(-1), `goaway 0 ${error.split(":")[0]}`);
    });

  it("that does not begin with SETTINGS", () => {
    const watched = watchSession();
    watched.read(of("ping", 0, 0, "0000000000000000"));
    assert.deepEqual(watched.events, ["broken PROTOCOL_ERROR: the first frame is not SETTINGS"]);
  });
});

describe("ClientSession answers", () => {
  it("SETTINGS and pings", () => {
    const watched = begun();
    watched.read(settings(), of("ping", 0, 0, "0102030405060708"), of("ping", 1, 0, "0102030405060708"));
    assert.deepEqual(watched.takeSent(), ["settings 0 0", "ping 0 8"]);
  });

  it("data by giving half a window back, padding counted", () => {
    const watched = begun();
    const half = (6 * 1024 * 1024) / 2 / 16_384;
    for (let i = 0; i <= half; i++) watched.read(data(1, `\xff${"a".repeat(16_383)}`, 8));
    assert.deepEqual(watched.takeSent(), ["windowUpdate 1 4"]);
  });

  it("the end of a stream by its own, in which the stream is gone", () => {
    const watched = begun();
    watched.read(data(1, "", 1));
    watched.session.finish(watched.first);
    assert.deepEqual(watched.takeSent(), ["data 1 +end 0"]);
    assert.deepEqual(watched.events, ["ended 1", "vacated"]);
  });

  it("what it wants no more of by CANCEL, once", () => {
    const watched = begun();
    watched.session.reset(watched.first, "CANCEL");
    watched.session.finish(watched.first);
    assert.deepEqual(watched.takeSent(), ["rstStream 1 CANCEL"]);
  });
});

it("ClientSession ends a connection whose peer asks for more answers than it takes", () => {
  const sink = { isBlocked: false };
  const watched = watchSession(() => sink.isBlocked);
  const pings = Buffer.concat(Array.from({ length: 10_000 }, () => of("ping", 0, 0, "0102030405060708")));
  watched.read(settings([8, 1]), pings, pings);
  sink.isBlocked = true;
  watched.read(pings);
  assert.deepEqual(watched.events.splice(0), ["settled"]);
  watched.read(settings(), data(1, "unread"));
  assert.match(watched.events.join(), /^broken ENHANCE_YOUR_CALM: SETTINGS and PING without end/);
  assert.equal(watched.takeSent().at(-1), "goaway 0 ENHANCE_YOUR_CALM");
});

describe("ClientSession sends", () => {
  it("a request of 100,000 bytes of fields as a frame and its CONTINUATIONs", () => {
    const watched = watchSession();
    watched.read(settings([8, 1]));
    watched.takeSent();
    watched.session.request(0, Buffer.concat([block, Buffer.alloc(100_000)]));
    const [first, ...rest] = watched.takeSent();
    assert.equal(first, "headers 1 16384");
    assert.equal(rest.length, 6);
    const bytes = rest.map((sent) => Number(/^continuation 1 (\d+)$/.exec(sent)?.[1]));
    const all = bytes.reduce((sum, length) => sum + length, 16_384);
    assert.equal(all, 1 + block.length + 100_000);
  });

  it("no more than the connection's window, and the rest when there is more", () => {
    const watched = begun([4, 1_000_000]);
    queue(watched, 100_000);
    assert.equal(watched.dataSent.get(1), 65_535);
    watched.read(of("windowUpdate", 0, 0, "00000001"));
    assert.equal(watched.dataSent.get(1), 65_536);
    watched.read(of("windowUpdate", 0, 0, "00100000"));
    assert.equal(watched.dataSent.get(1), 100_000);
  });

  it("no more than a stream's window, which SETTINGS may take back", () => {
    const watched = begun([4, 10]);
    queue(watched, 25);
    watched.read(settings([4, 5]), of("windowUpdate", 0, 1, "00000003"));
    assert.equal(watched.dataSent.get(1), 10);
    watched.read(settings([4, 20]));
    assert.equal(watched.dataSent.get(1), 23);
    assert.equal(watched.session.beginData(watched.first, 1), -1);
  });

  it("a small frame at once, where there is window", () => {
    const watched = begun();
    const at = watched.session.beginData(watched.first, 5);
    watched.session.endData(at + 5);
    assert.deepEqual(watched.takeSent(), ["data 1 5"]);
  });

  it("the emptied table's notice in the first block, and in the first after a new size", () => {
    const watched = watchSession();
    watched.read(settings([8, 1]));
    const lengths = [0, 1].map((owner) => {
      watched.session.request(owner, block);
      return watched.takeSent().at(-1);
    });
    watched.read(settings([1, 100]));
    watched.session.request(2, block);
    assert.deepEqual(
      [...lengths, watched.takeSent().at(-1)],
      [`headers 1 ${block.length + 1}`, `headers 3 ${block.length}`, `headers 5 ${block.length + 1}`],
    );
  });
});

/** HEADERS of no bytes, so that all of the block comes behind. */
function emptied(frame: Buffer): Buffer {
  return frame.length === 9 ? of("headers", 0, 3) : frame;
}

function unknownFrame(): Buffer {
  const frame = of("priority", 0xff, 9, "0000000000");
  frame[3] = 0xfa;
  return frame;
}
