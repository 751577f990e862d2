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

function reset(stream: number): Buffer {
  return of("rstStream", 0, stream, "00000008");
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
    ["RST_STREAM", [reset(1)], ["reset 1 CANCEL", "vacated"]],
    [
      "GOAWAY, which ends no stream",
      [of("goaway", 0, 0, "00000000 00000000"), data(1, "a")],
      ["goaway NO_ERROR []", "vacated", "data 1 a"],
    ],
    ["that it takes pushes, which says nothing", [settings([2, 1])], []],
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
    ["STREAM_CLOSED: DATA or HEADERS on stream 1, which is closed", [reset(1), data(1, "a")]],
    ["STREAM_CLOSED: DATA or HEADERS on stream 1, which is closed", [reset(1), asks(1)]],
    ["STREAM_CLOSED: DATA or HEADERS on stream 3, which is closed", [asks(5, 5), asks(3)]],
    ["COMPRESSION_ERROR: a header block that cannot be decoded", [of("headers", 4, 3, "ff")]],
  ];
  for (const [error, sends] of broken)
    it(`ends a connection by ${error}`, () => {
      const watched = begun();
      watched.read(...sends, data(1, "unread"));
      assert.equal(watched.events.at(-1), `broken ${error}`);
      assert.equal(watched.takeSent().at(-1), `goaway 0 ${error.split(":")[0]}`);
    });

  it("passes over what was on its way when it reset or refused the stream", () => {
    const watched = begun();
    const [stream] = watched.session.streams.values();
    assert.ok(stream !== undefined);
    watched.session.reset(stream, "CANCEL");
    watched.read(data(1, "a"), asks(1, 5), of("windowUpdate", 0, 1, "00000001"), reset(1));
    const many = Array.from({ length: 101 }, (_, index) => 2 * index + 3);
    watched.read(...many.map((id) => asks(id)), data(203, "a"));
    assert.deepEqual(watched.events.slice(-2), ["requested 199 CONNECT", "requested 201 CONNECT"]);
  });

  it("resets a stream whose window is made too large, and goes on with the others", () => {
    const watched = begun();
    watched.read(asks(3), of("windowUpdate", 0, 1, "7fffffff"), data(3, "a"));
    assert.deepEqual(watched.takeSent().slice(1), ["rstStream 1 FLOW_CONTROL_ERROR"]);
    assert.deepEqual(watched.events.slice(1), ["reset 1 FLOW_CONTROL_ERROR", "vacated", "data 3 a"]);
  });

  const inVain: readonly (readonly [what: string, begins: (id: number) => readonly Buffer[]])[] = [
    ["resets them at once", (id) => [asks(id), reset(id)]],
    ["resets a page before it has come", (id) => [asks(id, 5), reset(id)]],
    ["has them reset", (id) => [asks(id), of("windowUpdate", 0, id, "7fffffff")]],
  ];
  for (const [what, begins] of inVain)
    it(`leaves a client that begins streams without end and ${what}`, () => {
      const watched = begun();
      const frames = Array.from({ length: 2000 }, (_, index) => begins(2 * index + 3)).flat();
      watched.read(...frames, data(1, "unread"));
      const asked = watched.events.filter((event) => event.startsWith("requested")).length;
      // Some more than a thousand may be asked while this runs.
      assert.ok(asked >= 1001 && asked < 2000, `${asked}`);
      assert.match(watched.events.at(-1) ?? "", /^broken ENHANCE_YOUR_CALM/);
      assert.equal(watched.takeSent().at(-1), "goaway 0 ENHANCE_YOUR_CALM");
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
