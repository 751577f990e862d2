import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Talk, TalkText } from "#wsrally/load/talk/talk.js";
import { engines } from "../../support/engines.js";
import { withOwnBackend } from "../../support/own-backend.js";
import { runThreadAlone, targetAt } from "../../support/run-thread-alone.js";

const id: TalkText = [{ field: "id" }];

function chat(password: string, changes: Partial<Talk> = {}): Talk {
  return {
    first: [
      {
        name: "first[0]",
        send: ['{"type":"login","user":"', { column: 0 }, `","password":"${password}"}`],
        await: { match: "json", path: ["type"], value: ["welcome"] },
        captures: [{ captured: 0, path: ["session"] }],
      },
    ],
    message: ['{"id":"', ...id, '","session":"', { captured: 0 }, '"}'],
    binary: false,
    reply: { match: "json", path: ["to"], value: id },
    ignore: [{ match: "contains", value: ["hello"] }],
    answer: [],
    keepAlive: { every: 0.1, send: ['{"id":"beat","session":"', { captured: 0 }, '"}'] },
    captures: 1,
    ...changes,
  };
}

/** What the server says of itself, and to what is sent to stay connected. */
const tick = [
  { match: "contains", value: ["hello"] },
  { match: "contains", value: ["tick"] },
  { match: "contains", value: ["beat"] },
] as const;

for (const engine of engines) {
  describe(`${engine}: a thread that talks`, () => {
    it("carries load only after each connection's first exchange, and counts what else is said", async () => {
      const counts = await withOwnBackend(
        "chat",
        async (port) => {
          const target = targetAt(port, { rows: [["ann"], ["bob"]] });
          const job = { engine, connections: 5, firstConnection: 3, talk: chat("tea", { ignore: tick }) };
          const report = await runThreadAlone(target, { job, durationMs: 300 });
          assert.deepEqual([report.opened, report.failed, report.failures], [5, 0, []]);
          assert.ok(report.counts.totalSent >= 5);
          assert.equal(report.counts.totalReceived, report.counts.totalSent);
          const { ignored = 0, answered, keptAlive = 0 } = report.talk ?? {};
          assert.ok(ignored >= 5 + keptAlive, "each connection was greeted");
          assert.equal(answered, 0);
          sent = report.counts.totalSent + keptAlive;
        },
        ["tea"],
      );
      assert.deepEqual([counts.messages, counts.strangers], [sent, 0]);
    });
    let sent = 0;

    it("fails a connection whose first exchange goes amiss, and says by what", async () => {
      await withOwnBackend(
        "chat",
        async (port) => {
          const options = { job: { engine, connections: 2, talk: chat("wrong") }, durationMs: 50 };
          const report = await runThreadAlone(targetAt(port, { rows: [["ann"]] }), options);
          assert.deepEqual([report.opened, report.failed, report.counts.totalSent], [0, 2, 0]);
          const [failure] = report.failures;
          const told = report.failures.map(({ kind, stage, count }) => [kind, stage, count]);
          assert.deepEqual(told, [["first-failed", "opening", 2]], JSON.stringify(report.failures));
          assert.match(failure?.example ?? "", /^first\[0\]: the server said .*wrong password/);
        },
        ["tea"],
      );
    });

    it("does not wait for ever for what does not come", async () => {
      await withOwnBackend("chat", async (port) => {
        const first = [
          { name: "first[0]", send: null, await: { match: "equals", value: ["never"] }, captures: [] },
        ] as const;
        const talk = chat("tea", { first, ignore: tick });
        const options = { job: { engine, connections: 2, handshakeTimeoutMs: 200, talk }, durationMs: 50 };
        const report = await runThreadAlone(targetAt(port), options);
        assert.equal(report.failed, 2);
        assert.equal(report.failures[0]?.example, "first[0]: nothing that it waits for came within 0.2 s");
      });
    });
  });
}
