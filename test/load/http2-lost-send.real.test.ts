/** A connection over HTTP/2 and TLS that breaks while much is written to it at once. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { describe, it } from "node:test";
import { createServer, type TLSSocket } from "node:tls";
import { flags, frameHeaderBytes, frameTypes, settingIds, windowUsual } from "#wsrally/http2/frame-types.js";
import { frameOf, windowUpdate } from "#wsrally/http2/write-frames.js";
import { makeRunCertificate } from "#wsrally/proxy/run-certificate.js";
import { linuxOnly } from "../linux/support/linux-only.js";
import { runThreadAlone, targetAt } from "../support/run-thread-alone.js";

const statusOk = Buffer.of(0x88);

/** Takes every request, lets messages pile up for the connection's window, widens it, and is gone. */
function serve(socket: TLSSocket, raw: Socket): void {
  socket.write(frameOf(frameTypes.settings, 0, 0, settings(settingIds.enableConnectProtocol, 1)));
  let taken = Buffer.alloc(0);
  let dataBytes = 0;
  socket.on("error", () => undefined);
  socket.on("data", (bytes: Buffer) => {
    taken = Buffer.concat([taken, bytes]);
    if (taken.toString("latin1", 0, 3) === "PRI") taken = taken.subarray(24);
    for (;;) {
      const length = taken.length < frameHeaderBytes ? taken.length : taken.readUIntBE(0, 3);
      if (taken.length < frameHeaderBytes + length) return;
      if (taken[3] === frameTypes.headers)
        socket.write(frameOf(frameTypes.headers, flags.endHeaders, taken.readUInt32BE(5), statusOk));
      if (taken[3] === frameTypes.data) dataBytes += length;
      if (dataBytes === windowUsual) socket.write(windowUpdate(0, 1e6), () => raw.resetAndDestroy());
      taken = taken.subarray(frameHeaderBytes + length);
    }
  });
}

function settings(id: number, value: number): Buffer {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(id, 0);
  payload.writeUInt32BE(value, 2);
  return payload;
}

describe("WebSockets over HTTP/2", linuxOnly, () => {
  it("are told of a connection that breaks under a burst of what had waited", async () => {
    const { caPem, certificatePem, keyPem } = await makeRunCertificate({ kind: "ec", curve: "P-256" });
    const raws: Socket[] = [];
    const server = createServer({ cert: certificatePem, key: keyPem, ALPNProtocols: ["h2"] });
    server.on("connection", (socket) => raws.push(socket));
    server.on("secureConnection", (socket) => serve(socket, raws[0] as Socket));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    try {
      const target = targetAt(port, { tls: true, caPem, hostHeader: "localhost", streams: 100 });
      const report = await runThreadAlone(target, {
        durationMs: 200,
        drainMs: 50,
        job: { engine: "epoll", connections: 10, message: { kind: "payload", bytes: 40_000, binary: true } },
      });
      const { "reply-missing": missing, ...kinds } = Object.fromEntries(
        report.failures.map(({ kind, count }) => [kind, count]),
      );
      assert.ok(missing, JSON.stringify(report.failures));
      assert.deepEqual([report.opened, report.held], [10, 0]);
      assert.equal(
        Object.values(kinds).reduce((all, count) => all + count, 0),
        10,
        JSON.stringify(kinds),
      );
    } finally {
      server.close();
    }
  });
});
