import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventually } from "../support/proxy-bench.js";
import { never, upgrade } from "../support/upgrade-bench.js";
import { corpusFile, withHaproxy } from "./support/haproxy-bench.js";

describe("HAProxy, when more WebSockets come than it takes", () => {
  it("queues at a server's maxconn, and answers 503 when the wait is over", async () => {
    await withHaproxy(async ({ prepare }) => {
      const file = corpusFile("maxconn-server.cfg");
      const running = await (await prepare({ kind: "file", file })).start(never);
      const first = await upgrade(running, "/sock", "127.0.0.1");
      const second = await upgrade(running, "/sock", "127.0.0.1");
      assert.deepEqual([first.status, second.status], [101, 503]);
      assert.ok(
        await eventually(() => running.diary().entries.some(({ cause }) => cause === "queue-timeout")),
        running.log().join("\n"),
      );
      first.close();
      await running.stop();
    });
  });

  for (const where of ["one", "bind"])
    it(`lets the next client hang at a frontend's maxconn, ${where}`, async () => {
      await withHaproxy(async ({ prepare }) => {
        const file = corpusFile(`maxconn-${where}.cfg`);
        const running = await (await prepare({ kind: "file", file })).start(never);
        const first = await upgrade(running, "/sock", "127.0.0.1");
        const second = await upgrade(running, "/sock", "127.0.0.1", 700);
        assert.deepEqual([first.status, second.how], [101, "timeout"]);
        first.close();
        second.close();
        await running.stop();
      });
    });
});
