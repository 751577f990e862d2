/**
 * Servers behind a URL that refuse for a reason of their own: the probe finds out which.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import type { ProbeSettings } from "#wsrally/probe/probe-settings.js";
import { faultsOf, findingOf } from "./support/find-finding.js";
import { probeArm } from "./support/probe-config.js";

interface Server {
  /** Null accepts, a number is the status of the refusal. */
  readonly refuses?: (request: IncomingMessage) => number | null;
  readonly opened?: (socket: WebSocket, request: IncomingMessage) => void;
}

async function probeServer({ refuses, opened }: Server, settings: Partial<ProbeSettings> = {}) {
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) => {
    const status = refuses?.(request) ?? null;
    if (status !== null) socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    else sockets.handleUpgrade(request, socket, head, (end) => opened?.(end, request));
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  try {
    const { port } = http.address() as AddressInfo;
    return await probeArm({ arm: { kind: "url", url: `ws://127.0.0.1:${port}/sock` }, ...settings });
  } finally {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
    http.closeAllConnections();
  }
}

const protocolOf = ({ headers }: IncomingMessage) => headers["sec-websocket-protocol"] ?? null;

describe("a server that refuses", { concurrency: 3 }, () => {
  const byOrigin: Server = {
    refuses: ({ headers }) =>
      headers.origin === undefined || headers.origin === "https://app.example.com" ? null : 403,
  };

  it("for the Origin: says so, and takes --origin", async () => {
    const [refused, given] = await Promise.all([
      probeServer(byOrigin),
      probeServer(byOrigin, { origin: "https://app.example.com" }),
    ]);
    assert.deepEqual(faultsOf(refused), ["upgrade"]);
    const { cause, evidence } = findingOf(refused, "upgrade");
    assert.match(cause ?? "", /refuses the Origin http:\/\/127/);
    assert.match(evidence.join("\n"), /without Origin came back: HTTP\/1\.1 101/);
    assert.deepEqual(faultsOf(given), []);
  });

  it("for a Host with a port", async () => {
    const result = await probeServer({
      refuses: ({ headers }) => (headers.host === "127.0.0.1" ? null : 421),
    });
    assert.match(findingOf(result, "upgrade").cause ?? "", /takes the host without its port/);
  });

  it("for the probe's own subprotocol: no fault of anybody's", async () => {
    const result = await probeServer({ refuses: (request) => (protocolOf(request) === null ? null : 400) });
    assert.deepEqual(faultsOf(result), []);
    assert.match(findingOf(result, "upgrade").evidence.join("\n"), /without a subprotocol, .* 101/);
  });

  const bySubprotocol: Server = {
    opened: (socket, request) => {
      if (protocolOf(request) !== "chat.v2") socket.close(4406, "Subprotocol not acceptable");
    },
  };

  it("after the 101: says with which code and reason, and takes --subprotocol", async () => {
    const [refused, given] = await Promise.all([
      probeServer(bySubprotocol),
      probeServer(bySubprotocol, { headers: { "Sec-WebSocket-Protocol": "chat.v2" } }),
    ]);
    assert.deepEqual(faultsOf(refused), ["upgrade"]);
    assert.match(
      findingOf(refused, "upgrade").evidence.join("\n"),
      /code 4406, reason "Subprotocol not acceptable"/,
    );
    assert.deepEqual(faultsOf(given), []);
    assert.equal(findingOf(given, "subprotocol").status, "ok");
  });

  it("silence, after two seconds: --idle measures it", async () => {
    const result = await probeServer(
      { opened: (socket) => setTimeout(() => socket.terminate(), 2000).unref() },
      { idle: true },
    );
    assert.deepEqual(faultsOf(result), []);
    const { status, evidence } = findingOf(result, "idle-timeout");
    assert.equal(status, "warning");
    assert.match(evidence.join("\n"), /client saw: an end without a close frame \(1006\)/);
  });
});
