import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { type ByteServer, runClient, startByteServer } from "./support/byte-peers.js";

const large = "grün ".repeat(50_000);

describe("our client", () => {
  let http: Server;
  let port = 0;
  const closed = new EventEmitter();
  before(async () => {
    http = createServer((_request, response) => response.writeHead(503, "Later").end("no"));
    const websockets = new WebSocketServer({
      server: http,
      path: "/sock",
      perMessageDeflate: true,
      handleProtocols: (offered) => (offered.has("b") ? "b" : false),
    });
    websockets.on("connection", (socket) => {
      // Frames right behind the response.
      socket.send("welcome");
      socket.ping("p");
      socket.on("message", (data: RawData, binary) => socket.send(data, { binary }));
      socket.on("close", (code, reason) => closed.emit("close", `${code} ${reason}`));
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    port = (http.address() as AddressInfo).port;
  });
  after(() => new Promise<void>((resolve) => http.close(() => resolve())));

  it("opens, exchanges and closes with the ws server", async () => {
    const messages = ["ping", Buffer.from("0102", "hex"), large, Buffer.alloc(200_000, 9)];
    // The close frame goes out when four have come, the welcome among them.
    const closing = once(closed, "close");
    const { outcome, received } = await runClient({ port, subprotocols: ["a", "b"], messages });
    assert.equal(outcome.kind === "accepted" && outcome.subprotocol, "b");
    assert.deepEqual(received, [
      "text welcome",
      "text ping",
      "binary 0102",
      `text ${large}`,
      `binary ${"09".repeat(200_000)}`,
      "close 1000 done",
    ]);
    assert.deepEqual(await closing, ["1000 done"]);
  });

  it("is told by node:http's server why not", async () => {
    const refusing = createServer();
    refusing.on("upgrade", (_request, socket) => {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    });
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    const { outcome } = await runClient({
      port: (refusing.address() as AddressInfo).port,
      subprotocols: [],
      messages: [],
    });
    assert.ok(outcome.kind === "rejected");
    assert.deepEqual([outcome.status, outcome.reason], [403, "Forbidden"]);
    await new Promise<void>((resolve) => refusing.close(() => resolve()));
  });

  it("is told by a server that knows no upgrade", async () => {
    const plain = createServer((request, response) => {
      response.end(`${request.method} ${request.url} ${request.headers.host}`);
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { outcome } = await runClient({
      port: (plain.address() as AddressInfo).port,
      subprotocols: [],
      messages: [],
    });
    assert.equal(outcome.kind === "rejected" && outcome.status, 200);
    await new Promise<void>((resolve) => plain.close(() => resolve()));
  });
});

describe("our server", () => {
  let server: ByteServer;
  before(async () => {
    server = await startByteServer();
  });
  after(() => server.close());

  it("opens, exchanges and closes with the ws client", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/sock?x=1`, ["a", "b"], {
      headers: { "X-Case-Kept": "ÿ" },
    });
    const received: string[] = [];
    socket.on("message", (data: RawData, isBinary) => {
      received.push(isBinary ? `binary ${(data as Buffer).toString("hex")}` : `text ${data}`);
    });
    socket.on("pong", (data) => received.push(`pong ${data}`));
    await once(socket, "open");
    assert.equal(socket.protocol, "a");
    assert.equal(socket.extensions, "");
    socket.send("ping");
    socket.send(Buffer.of(1, 2));
    socket.ping("p");
    socket.send("in ", { fin: false });
    socket.ping("between");
    socket.send(large, { fin: true });
    socket.close(3007, "gut so");
    const [code] = await once(socket, "close");
    assert.equal(code, 3007);
    assert.deepEqual(received, ["text ping", "binary 0102", "pong p", "pong between", `text in ${large}`]);
    assert.deepEqual(server.received, ["close 3007 gut so"]);
    const [reading] = server.requests;
    assert.ok(reading?.kind === "upgrade");
    assert.equal(reading.request.target, "/sock?x=1");
    assert.ok(reading.request.fields.some(({ name, value }) => name === "X-Case-Kept" && value === "ÿ"));
  });

  it("makes the ws client close with the code of a fault", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/`);
    await once(socket, "open");
    socket.send(Buffer.of(0xff), { binary: false });
    const [code, reason] = await once(socket, "close");
    assert.deepEqual([code, String(reason)], [1007, "the text is not UTF-8"]);
  });

  const pages: readonly (readonly [
    path: string,
    headers: Record<string, string>,
    status: number,
    body: string,
  ])[] = [
    ["/", {}, 200, "Home, süß."],
    ["/nowhere", {}, 404, "Not found."],
    [
      "/sock",
      { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Version": "12" },
      426,
      "version-not-13",
    ],
    [
      "/sock",
      { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Version": "13" },
      400,
      "key-invalid",
    ],
  ];
  for (const [path, headers, status, body] of pages) {
    it(`answers ${status} to node:http's client`, async () => {
      const request = get({ port: server.port, host: "127.0.0.1", path, headers, agent: false });
      const [response] = await once(request, "response");
      const chunks = await response.toArray();
      assert.equal(response.statusCode, status);
      assert.equal(Buffer.concat(chunks).toString("utf8"), body);
      if (status === 426) assert.equal(response.headers["sec-websocket-version"], "13");
    });
  }

  it("answers our client", async () => {
    const messages = ["a", Buffer.alloc(70_000, 1), "c"];
    const { outcome, received } = await runClient({ port: server.port, subprotocols: [], messages });
    assert.equal(outcome.kind, "accepted");
    assert.deepEqual(received, ["text a", `binary ${"01".repeat(70_000)}`, "text c", "close 1000 "]);
  });
});
