import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { WebSocketServer } from "ws";
import { type Backend, startBackendProcess } from "#wsrally/backend/backend-process.js";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import type { ThreadReport } from "#wsrally/load/messages.js";
import { engines, linuxEngines } from "../support/engines.js";
import { startManglingRelay } from "../support/mangling-relay.js";
import { runThreadAlone, targetAt } from "../support/run-thread-alone.js";

function kinds({ failures }: ThreadReport): string[] {
  return failures.map(({ kind, code }) => `${kind} ${code ?? "-"}`).sort();
}

const text = { kind: "payload", bytes: 100, binary: false } as const;

for (const engine of engines) {
  describe(`${engine}: replies that are not what was sent`, () => {
    let server: Backend;
    const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
    before(async () => {
      server = await startBackendProcess(guard, {
        host: "127.0.0.1",
        port: 0,
        path: "/sock",
        once: false,
        deflate: false,
        stamps: linuxEngines.length > 0,
      });
    });
    after(async () => {
      await server.stop();
      guard.release();
    });

    const rows = [
      { title: "text with another letter in it", lastByte: 0x7e, wanted: ["reply-wrong -"] },
      {
        title: "text that is no longer UTF-8",
        lastByte: 0xff,
        wanted: ["protocol 1007", "reply-missing -"],
      },
    ];
    // Only these take the backend's times.
    const splits = linuxEngines.includes(engine) ? [0, 1] : [0];
    for (const { title, lastByte, wanted } of rows)
      for (const splitEvery of splits)
        it(`${title}: ${wanted.join(", ")}${splitEvery > 0 ? ", stamped" : ""}`, async () => {
          const relay = await startManglingRelay({ port: server.port, lastByte });
          try {
            const report = await runThreadAlone(targetAt(relay.port), {
              ratePerS: 50,
              job: { engine, message: text, splitEvery },
            });
            assert.deepEqual(kinds(report), wanted, JSON.stringify(report.failures));
            assert.equal(report.counts.totalReceived, 0);
          } finally {
            await relay.close();
          }
        });

    it("takes a reply in more than 16,384 fragments", async () => {
      const bytes = 1_200_000;
      const pieces = new WebSocketServer({ port: 0, host: "127.0.0.1" });
      await once(pieces, "listening");
      pieces.on("connection", (socket) => {
        socket.on("message", (message: Buffer) => {
          for (let at = 0; at < bytes; at += 64)
            socket.send(message.subarray(at, at + 64), { binary: false, fin: at + 64 >= bytes });
        });
      });
      try {
        const report = await runThreadAlone(targetAt((pieces.address() as AddressInfo).port), {
          ratePerS: 10,
          drainMs: 10_000,
          job: { engine, connections: 1, message: { ...text, bytes } },
        });
        assert.deepEqual(report.failures, []);
        assert.equal(report.counts.totalReceived, 2);
      } finally {
        for (const socket of pieces.clients) socket.terminate();
        pieces.close();
      }
    });
  });
}
