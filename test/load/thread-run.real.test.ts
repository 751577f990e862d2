import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Backend, startBackendProcess } from "#wsrally/backend/backend-process.js";
import { LatencyHistogram } from "#wsrally/base/latency-histogram.js";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import type { FailureKind } from "#wsrally/load/failure.js";
import type { RecordedSeries, Target, ThreadReport } from "#wsrally/load/messages.js";
import { plainShape } from "#wsrally/load/shape/load-shape.js";
import { SizeTable } from "#wsrally/load/shape/size-table.js";
import type { Message } from "#wsrally/scenario/message.js";
import { readHar } from "#wsrally/scenario/replay/read-har.js";
import { engines } from "../support/engines.js";
import { type Fault, startFaultyServer } from "../support/faulty-server.js";
import { chat, writeHar } from "../support/recorded.js";
import { type AloneOptions, runThreadAlone, targetAt } from "../support/run-thread-alone.js";

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function recorded(report: ThreadReport, series: RecordedSeries): number {
  const encoded = report.histograms[series];
  return encoded === undefined ? 0 : LatencyHistogram.decode(encoded).count;
}

for (const engine of engines) {
  const run = (target: Target, options: AloneOptions = {}): Promise<ThreadReport> =>
    runThreadAlone(target, { ...options, job: { engine, ...options.job } });

  describe(`${engine}: runThread() against the pong server`, () => {
    // A process of its own, for the epoll engine keeps this thread to itself while it measures.
    let server: Backend;
    const replay = readHar(writeHar([chat]));
    const guard = createProcessGuard(join(tmpdir(), "wsrally-no-such-folder"));
    before(async () => {
      server = await startBackendProcess(guard, {
        host: "127.0.0.1",
        port: 0,
        path: "/sock",
        once: false,
        deflate: true,
        replay,
      });
    });
    after(async () => {
      await server.stop();
      guard.release();
    });

    it("has as many connections as stages want to the end, however long before it the last message was due or a life was over", async () => {
      await server.reset();
      const sent = { forS: 0.2, from: 202, to: 202 };
      const rateLegs = { legs: [sent, { ...sent, from: 0, to: 0 }], ratePerS: 101, fromStart: true };
      const legs = [10, 2, 2, 10].map((wanted) => ({ forS: 0.1, from: wanted, to: wanted }));
      const life = { kind: "range", leastS: 0.1, mostS: 0.2 } as const;
      const course = { legs, index: 0, threads: 1 };
      const report = await run(targetAt(server.port), {
        durationMs: 400,
        ratePerS: rateLegs.ratePerS,
        job: {
          connections: 10,
          shape: { ...plainShape, rateLegs },
          upkeep: { reconnect: "backoff", churn: { kind: "life", life }, course },
        },
      });
      const seen = (await server.report()).counts;
      const { reopened = 0, churned = 0, lost } = report.upkeep ?? {};
      assert.deepEqual(report.failures, []);
      assert.deepEqual([report.opened, report.held, lost], [10, 10, 0]);
      assert.deepEqual([churned, seen?.upgrades], [reopened, 10 + reopened]);
      assert.deepEqual([report.counts.totalReceived, seen?.messagesReceived], [41, 41]);
    });

    it("counts in a closed loop to the last message what the server counted", async () => {
      await server.reset();
      const report = await run(targetAt(server.port), { warmupMs: 300, job: { connections: 20 } });
      const { counts } = report;
      const seen = (await server.report()).counts;
      assert.deepEqual([report.opened, report.failed, report.held], [20, 0, 20]);
      assert.deepEqual(report.failures, []);
      assert.ok(counts.totalSent > 100, `${counts.totalSent} messages`);
      assert.equal(counts.totalSent, seen?.messagesReceived);
      assert.equal(counts.totalReceived, seen?.messagesSent);
      assert.equal(counts.totalSent, counts.totalReceived);
      assert.ok(counts.windowSent < counts.totalSent, "the warm-up is not in the window");
      assert.equal(counts.windowSent, counts.windowReceived);
      assert.equal(recorded(report, "roundTrip"), counts.windowReceived);
      assert.equal(recorded(report, "response"), 0);
      assert.equal(recorded(report, "connect"), 20);
      assert.equal(recorded(report, "upgrade"), 20);
    });

    it("has every message in the window's counts without a warm-up", async () => {
      const { counts } = await run(targetAt(server.port), { warmupMs: 0 });
      assert.equal(counts.windowSent, counts.totalSent);
      assert.equal(counts.windowReceived, counts.totalReceived);
    });

    it("sends in an open loop exactly what falls due, and measures both latencies", async () => {
      const report = await run(targetAt(server.port), {
        ratePerS: 1000,
        warmupMs: 100,
        durationMs: 500,
      });
      const { counts } = report;
      assert.equal(counts.windowDue, 500);
      assert.equal(counts.windowSent, 500);
      assert.equal(counts.totalSent, 600);
      assert.equal(counts.windowReceived, 500);
      assert.equal(recorded(report, "response"), 500);
      assert.equal(recorded(report, "sendLag"), 500);
      assert.notEqual(report.arrivalsOff, null);
      assert.deepEqual(
        report.slices?.slices.map(({ pairs }) => sumOf(pairs.response.filter((_, at) => at % 2 === 1))),
        [100, 100, 100, 100, 100],
      );
    });

    const messages: readonly Message[] = [
      { kind: "payload", bytes: 0, binary: true },
      { kind: "payload", bytes: 5, binary: false },
      { kind: "payload", bytes: 8, binary: false },
      { kind: "payload", bytes: 125, binary: true },
      { kind: "payload", bytes: 126, binary: false },
      { kind: "payload", bytes: 65_536, binary: true },
      { kind: "payload", bytes: 1_048_576, binary: false },
    ];
    for (const message of messages) {
      it(`gets payloads back as they were sent: ${JSON.stringify(message)}`, async () => {
        const { counts, failures } = await run(targetAt(server.port), { job: { message } });
        assert.deepEqual(failures, []);
        assert.ok(counts.totalSent > 0);
        assert.equal(counts.totalReceived, counts.totalSent);
      });
    }

    const range = { kind: "range", least: 20, most: 3000 } as const;
    const small = { kind: "lognormal", median: 100, spread: 3 } as const;
    for (const [sizes, binary] of [
      [{ up: range, down: null }, false],
      [{ up: small, down: null }, true],
      [{ up: range, down: small }, false],
      [{ up: small, down: range }, true],
    ] as const) {
      it(`sends sizes by the seed, and gets those asked for: ${JSON.stringify(sizes)}`, async () => {
        await server.reset();
        const seed = 11;
        const { counts, failures } = await run(targetAt(server.port), {
          ratePerS: 1000,
          job: {
            connections: 1,
            seed,
            splitEvery: engine === "ws" ? 0 : 16,
            message: { kind: "sized", binary, savedPercent: 0, up: "", down: null },
            shape: { ...plainShape, sizes },
          },
        });
        const seen = (await server.report()).counts;
        const sum = (table: SizeTable): number =>
          Array.from({ length: 200 }, (_, at) => table.sizeOf(0, at)).reduce((a, b) => a + b, 0);
        const up = sum(new SizeTable(sizes.up, seed, sizes.down === null ? 8 : 20));
        const down = sizes.down === null ? up : sum(new SizeTable(sizes.down, seed + 1, 8));
        assert.deepEqual(failures, []);
        assert.deepEqual([counts.totalSent, counts.totalReceived], [200, 200]);
        assert.deepEqual([counts.totalSentBytes, seen?.bytesReceived], [up, up]);
        assert.deepEqual([counts.totalReceivedBytes, seen?.bytesSent], [down, down]);
      });
    }

    it("waits between a reply and the next message, each connection from a time of its own", async () => {
      const think = { kind: "range", leastS: 0.04, mostS: 0.06 } as const;
      const { counts, failures } = await run(targetAt(server.port), {
        durationMs: 500,
        job: { connections: 20, shape: { ...plainShape, think } },
      });
      assert.deepEqual(failures, []);
      // Twenty connections, each with a message every 50 ms and a little.
      assert.ok(counts.totalSent > 100 && counts.totalSent <= 240, `${counts.totalSent}`);
      assert.equal(counts.totalReceived, counts.totalSent);
    });

    it("goes through recorded sessions, and tells replies from what the server says by itself", async () => {
      await server.reset();
      const { counts, failures, histograms } = await run(targetAt(server.port), {
        ratePerS: 1,
        durationMs: 500,
        job: { connections: 5, shape: { ...plainShape, replay } },
      });
      const seen = (await server.report()).counts;
      assert.deepEqual(failures, []);
      assert.deepEqual(
        [counts.totalSent, counts.totalSentBytes],
        [seen?.messagesReceived, seen?.bytesReceived],
      );
      assert.deepEqual(
        [counts.totalReceived, counts.totalReceivedBytes],
        [seen?.messagesSent, seen?.bytesSent],
      );
      // Five connections, and 3 of 4 messages of a session of 135 ms have a reply.
      assert.ok(Math.abs(counts.windowSent - 3 * 5 * (500 / 135)) < 8, `${counts.windowSent}`);
      assert.equal(counts.windowReceived, counts.windowSent);
      assert.ok(counts.totalSent > counts.windowSent && counts.totalReceived > counts.totalSent);
      const roundTrip = LatencyHistogram.decode(histograms.roundTrip ?? "");
      assert.ok((roundTrip.quantile(0.1) ?? 0) < 10e6, "the recording's own waits of 30 ms are not in it");
    });

    it("gets back more than all connections have buffers for", async () => {
      const { counts, failures } = await run(targetAt(server.port), {
        drainMs: 5000,
        job: { connections: 16, message: { kind: "payload", bytes: 1_048_576, binary: true } },
      });
      assert.deepEqual(failures, []);
      assert.ok(counts.totalSent >= 16);
      assert.equal(counts.totalReceived, counts.totalSent);
    });

    if (engine === "ws")
      it("gets the same with permessage-deflate", async () => {
        const { counts, failures } = await run(targetAt(server.port, { deflate: true }), {
          job: { message: { kind: "payload", bytes: 2000, binary: false } },
        });
        assert.deepEqual(failures, []);
        assert.equal(counts.totalReceived, counts.totalSent);
      });

    it("keeps a heartbeat on every connection, apart from the messages", async () => {
      const { heartbeats, counts } = await run(targetAt(server.port), {
        ratePerS: 10,
        durationMs: 500,
        job: { connections: 4, heartbeatS: 0.1 },
      });
      assert.equal(counts.totalSent, 5);
      assert.ok((heartbeats?.sent ?? 0) >= 16 && (heartbeats?.sent ?? 0) <= 24, JSON.stringify(heartbeats));
      assert.ok((heartbeats?.answered ?? 0) >= (heartbeats?.sent ?? 0) - 4, JSON.stringify(heartbeats));
    });

    it("opens no faster than its ramp", async () => {
      const startMs = performance.now();
      const report = await run(targetAt(server.port), {
        durationMs: 50,
        job: { connections: 21, rampPerS: 100 },
      });
      assert.equal(report.opened, 21);
      assert.ok(performance.now() - startMs >= 200, "20 steps of 10 ms each");
    });
  });

  describe(`${engine}: runThread() names each failure`, () => {
    const rows: readonly (readonly [fault: Fault, kind: FailureKind, opened: number, code?: number])[] = [
      ["answers-200", "upgrade-status", 0],
      ["mute-handshake", "upgrade-timeout", 0],
      ["trickles-head", "upgrade-timeout", 0],
      ["ends-before-upgrade", "eof", 0],
      ["wrong-accept", "upgrade-invalid", 0],
      ["masked-frames", "protocol", 3, 1002],
      ["answers-not-utf8", "protocol", 3, 1007],
      ["announces-1-gb", "protocol", 3, 1009],
      ["ends-after-answer", "eof", 3],
      ["resets-after-answer", "reset", 3],
      ["closes-1011", "closed", 3, 1011],
      ["closes-1011-and-resets", "closed", 3, 1011],
      ["never-answers", "reply-missing", 3],
      ["answers-twice", "reply-duplicate", 3],
      ["answers-wrong", "reply-wrong", 3],
    ];
    for (const [fault, kind, opened, code] of rows) {
      it(`${fault}: ${kind}${code === undefined ? "" : ` ${code}`}`, async () => {
        const server = await startFaultyServer(fault);
        try {
          const report = await run(targetAt(server.port), {
            durationMs: 100,
            // Waited out by those alone that get no answer.
            drainMs: kind.startsWith("reply-") ? 100 : 3000,
            job: { handshakeTimeoutMs: 300 },
          });
          assert.ok(
            report.failures.some(
              (failure) =>
                failure.kind === kind &&
                failure.count > 0 &&
                failure.example !== "" &&
                (code === undefined || failure.code === code),
            ),
            JSON.stringify(report.failures),
          );
          assert.equal(report.opened, opened);
          assert.equal(report.failed, 3 - opened);
        } finally {
          await server.close();
        }
      });
    }

    it("a port where nobody listens: refused", async () => {
      const server = await startFaultyServer("none");
      await server.close();
      const { failures, failed } = await run(targetAt(server.port), { durationMs: 50 });
      assert.deepEqual([failures[0]?.kind, failures[0]?.count, failed], ["refused", 3, 3]);
    });

    it("a peer that stops reading: its messages pile up, are missed, and hold nobody else up", async () => {
      const server = await startFaultyServer("never-reads");
      try {
        const { counts, failures, held } = await run(targetAt(server.port), {
          ratePerS: 100,
          durationMs: 300,
          drainMs: 100,
          job: { message: { kind: "payload", bytes: 1_000_000, binary: true } },
        });
        assert.equal(counts.totalReceived, 0);
        assert.equal(counts.totalSent, 30);
        assert.deepEqual(
          failures.map(({ kind, count }) => [kind, count]),
          [["reply-missing", 30]],
        );
        assert.equal(held, 3);
      } finally {
        await server.close();
      }
    });

    it("a server that sends 150,000 pings unasked: kept, and its answers counted", async () => {
      const server = await startFaultyServer("floods-pings");
      try {
        const { counts, failures, held, heartbeats } = await run(targetAt(server.port), {
          ratePerS: 30,
          durationMs: 300,
          drainMs: 1000,
          job: { heartbeatS: 60 },
        });
        // This server answers once a read, whatever is in it: what counts here is that nobody cut the connection off.
        const ends = failures.filter(({ kind }) => !kind.startsWith("reply-"));
        assert.deepEqual([ends, held], [[], 3]);
        assert.ok(counts.totalReceived > 0);
        assert.ok((heartbeats?.answered ?? 0) <= (heartbeats?.sent ?? 0));
      } finally {
        await server.close();
      }
    });

    it("counts one missing reply for each message under way when its connection ends", async () => {
      const server = await startFaultyServer("closes-1011");
      try {
        const { counts, failures } = await run(targetAt(server.port), {
          durationMs: 100,
          drainMs: 3000,
        });
        const missing = failures.find(({ kind }) => kind === "reply-missing");
        assert.equal(missing?.count, counts.totalSent - counts.totalReceived);
        assert.equal(failures.find(({ kind }) => kind === "closed")?.code, 1011);
      } finally {
        await server.close();
      }
    });
  });
}
