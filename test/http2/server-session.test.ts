import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeHeaders } from "#wsrally/http2/encode-headers.js";
import { frameOf } from "#wsrally/http2/write-frames.js";
import { frames, watchServer } from "./support/watched-session.js";

const block = encodeHeaders([{ name: ":method", value: "CONNECT" }]);
const preface = Buffer.from("SM\r\n\r\n", "latin1");
const { settings, data, of } = frames;
const settingsKnown = of("settings", 1, 0);

function asks(stream: number, flag = 4): Buffer {
  return frameOf(1, flag, stream, block);
}

/** Asked on stream 1, which it has accepted; nothing is left to be looked at. */
function begun(): ReturnType<typeof watchServer> {
  const watched = watchServer();
  watched.read(preface, settings(), settingsKnown, asks(1));
  watched.events.splice(0);
  watched.takeSent();
  return watched;
}

describe("ServerSession", () => {
  it("announces its settings before it has read anything, and answers those of its client", () => {
    const watched = watchServer();
    assert.deepEqual(watched.takeSent(), ["settings 0 18", "windowUpdate 0 4"]);
    for (const byte of preface) watched.read(Buffer.of(byte));
    watched.read(settings(), asks(1));
    assert.deepEqual(watched.events, ["requested 1 CONNECT"]);
    // The first block says that the table is empty.
    assert.deepEqual(watched.takeSent(), ["settings 0 0", "headers 1 2"]);
  });

  const rows: readonly (readonly [what: string, sends: readonly Buffer[], events: readonly string[]])[] = [
    ["data", [data(1, "abc")], ["data 1 abc"]],
    ["the end of a stream", [data(1, "", 1)], ["ended 1"]],
    ["trailers, which end a stream", [asks(1, 5)], ["ended 1"]],
    ["a request that is all", [asks(3, 5)], ["requested 3 +end CONNECT"]],
    ["RST_STREAM", [of("rstStream", 0, 1, "00000008")], ["reset 1 CANCEL", "vacated"]],
    [
      "GOAWAY, which ends no stream",
      [of("goaway", 0, 0, "00000000 00000000"), data(1, "a")],
      ["goaway NO_ERROR []", "vacated", "data 1 a"],
    ],
    ["that it takes pushes, which says nothing", [settings([2, 1])], []],
    [
      "nothing by a stream below the last that was asked on",
      [asks(5, 5), asks(3)],
      ["requested 5 +end CONNECT"],
    ],
  ];
  for (const [what, sends, events] of rows)
    it(`is told of ${what}`, () => {
      const watched = begun();
      watched.read(...sends);
      assert.deepEqual(watched.events, events);
    });

  const broken: readonly (readonly [error: string, sends: readonly Buffer[]])[] = [
    ["PROTOCOL_ERROR: a request on stream 2, which is even", [asks(2)]],
    ["PROTOCOL_ERROR: a second request on a stream", [asks(1)]],
    ["PROTOCOL_ERROR: stream 3, which is idle", [data(3, "a")]],
    ["PROTOCOL_ERROR: SETTINGS_ENABLE_PUSH of 2", [settings([2, 2])]],
    ["STREAM_CLOSED: HEADERS behind the end of a stream", [data(1, "", 1), asks(1, 5)]],
    ["COMPRESSION_ERROR: a header block that cannot be decoded", [of("headers", 4, 3, "ff")]],
  ];
  for (const [error, sends] of broken)
    it(`ends a connection by ${error}`, () => {
      const watched = begun();
      watched.read(...sends, data(1, "unread"));
      assert.equal(watched.events.at(-1), `broken ${error}`);
      assert.equal(watched.takeSent().at(-1), `goaway 0 ${error.split(":")[0]}`);
    });

  it("ends one whose preface is another", () => {
    const watched = watchServer();
    watched.read(Buffer.from("SM\r\nX\n"), settings());
    assert.deepEqual(watched.events, ["broken PROTOCOL_ERROR: another preface than HTTP/2's"]);
  });

  it("takes 1,000 streams of who does not know of a limit yet, and 100 of who does", () => {
    const many = Array.from({ length: 1010 }, (_, index) => asks(2 * index + 1));
    const refusedOf = (isKnown: boolean): number => {
      const watched = watchServer();
      watched.read(preface, settings(), ...(isKnown ? [settingsKnown] : []), ...many);
      return watched.takeSent().filter((sent) => sent.endsWith("REFUSED_STREAM")).length;
    };
    assert.deepEqual([refusedOf(false), refusedOf(true)], [10, 910]);
  });

  it("gives no window back on a stream while it is held, and all of it afterwards", () => {
    const watched = begun();
    const [stream] = watched.session.streams.values();
    assert.ok(stream !== undefined);
    watched.session.hold(stream, true);
    const half = (6 * 1024 * 1024) / 2 / 16_384;
    for (let i = 0; i <= half; i++) watched.read(data(1, "a".repeat(16_384)));
    assert.deepEqual(watched.takeSent(), []);
    watched.session.hold(stream, false);
    assert.deepEqual(watched.takeSent(), ["windowUpdate 1 4"]);
  });

  it("gives the connection's window back only to who takes what waits", () => {
    const watched = begun();
    const [stream] = watched.session.streams.values();
    assert.ok(stream !== undefined);
    watched.read(asks(3));
    watched.session.queueData(stream, Buffer.alloc(65 * 1024 * 1024));
    watched.takeSent();
    const half = (15 * 1024 * 1024) / 2 / 16_384;
    for (let i = 0; i <= half; i++) watched.read(data(3, "a".repeat(16_384)));
    assert.deepEqual(watched.takeSent(), Array(2).fill("windowUpdate 3 4"));
    watched.session.reset(stream, "CANCEL");
    assert.deepEqual(watched.takeSent(), ["rstStream 1 CANCEL", "windowUpdate 0 4"]);
  });

  it("ends a stream in order once all has gone, and tells when it has", () => {
    const watched = begun();
    const [stream] = watched.session.streams.values();
    assert.ok(stream !== undefined);
    watched.session.queueData(stream, Buffer.alloc(70_000));
    assert.equal(watched.dataSent.get(1), 65_535);
    watched.read(of("windowUpdate", 0, 0, "00010000"), of("windowUpdate", 0, 1, "00010000"));
    assert.equal(watched.dataSent.get(1), 70_000);
    watched.takeSent();
    watched.session.finish(stream);
    assert.deepEqual(watched.takeSent(), ["data 1 +end 0"]);
    watched.read(data(1, "", 1));
    assert.deepEqual(watched.events, ["drained 1", "vacated"]);
    assert.equal(watched.session.streams.size, 0);
  });

  it("can still reset a stream whose own side has ended, and then has no more of it", () => {
    const watched = begun();
    const [stream] = watched.session.streams.values();
    assert.ok(stream !== undefined);
    watched.session.finish(stream);
    watched.session.reset(stream, "CANCEL");
    watched.session.reset(stream, "CANCEL");
    assert.deepEqual(watched.takeSent(), ["data 1 +end 0", "rstStream 1 CANCEL"]);
    assert.deepEqual([watched.events, watched.session.streams.size], [["vacated"], 0]);
  });

  it("says nothing more behind the GOAWAY of an error", () => {
    const watched = begun();
    const [stream] = watched.session.streams.values();
    assert.ok(stream !== undefined);
    watched.read(asks(2));
    watched.session.reset(stream, "CANCEL");
    assert.deepEqual(watched.takeSent(), ["goaway 0 PROTOCOL_ERROR"]);
  });
});
