import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "#wsrally/base/errors.js";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { processTree } from "#wsrally/proxy/process-family.js";
import { eventually, isAlive } from "../support/proxy-bench.js";
import { corpusFile, never, upgrade, withHaproxy } from "./support/haproxy-bench.js";

const builtIn = { kind: "built-in", set: {} } as const;

describe("the built-in HAProxy", () => {
  it("upgrades, reloads without losing a WebSocket, and leaves nothing behind", async () => {
    await withHaproxy(async ({ prepare, takeSeen }) => {
      const prepared = await prepare(builtIn);
      assert.match(prepared.version ?? "", /^\d+\.\d+/);
      const running = await prepared.start(never);
      const pids = running.usage().processes.map(({ pid }) => pid);
      assert.equal(pids.length, 2);
      const got = await upgrade(running, "/sock?a=1", "ws.example.com");
      assert.equal(got.status, 101);
      const seen = takeSeen();
      assert.deepEqual(
        [seen?.url, seen?.headers.host, seen?.headers["x-forwarded-for"]],
        ["/sock?a=1", "ws.example.com", "127.0.0.1"],
      );
      let isOver = false;
      void got.ended.then(() => {
        isOver = true;
      });
      await running.reload?.();
      assert.equal(running.usage().processes.length, 3, "the old worker stays with its WebSocket");
      assert.equal(running.diary().reloads, 1);
      await sleep(100);
      assert.equal(isOver, false);
      got.close();
      assert.ok(await eventually(() => running.usage().processes.length === 2));
      const all = running.usage().processes.map(({ pid }) => pid);
      await running.stop();
      assert.ok(await eventually(() => ![...pids, ...all].some(isAlive)));
      assert.equal(running.exited(), null);
    });
  });

  it("sees its worker killed", async () => {
    await withHaproxy(async ({ prepare }) => {
      const running = await (await prepare(builtIn)).start(never);
      const [main = 0] = running.usage().processes.map(({ pid }) => pid);
      const worker = processTree(main).at(-1) ?? 0;
      assert.notEqual(worker, main);
      process.kill(worker, "SIGKILL");
      assert.ok(await eventually(() => running.exited() !== null));
      assert.match(running.diary().deaths.join(), /worker .*exited with code 137/);
      await running.stop();
    });
  });

  it("is not root where it need not be, in a folder of its own", async (test) => {
    if (process.getuid?.() !== 0) return test.skip("only root can become another user");
    await withHaproxy(async ({ prepare }) => {
      const running = await (await prepare(builtIn, { connections: 10 })).start(never);
      assert.equal(
        running.log().some((line) => /ALERT/.test(line)),
        false,
      );
      await running.stop();
    });
  });

  it("starts on a port of the user's choice again", async () => {
    await withHaproxy(async ({ prepare }) => {
      const prepared = await prepare(builtIn);
      const first = await prepared.start(never);
      const { port } = first.endpoint;
      await first.stop();
      const second = await prepared.startAt?.(never, port);
      assert.equal(second?.endpoint.port, port);
      await second?.stop();
    });
  });

  it("says in HAProxy's words what it refuses", async () => {
    await withHaproxy(async ({ prepare }) => {
      const refused = prepare({ kind: "built-in", set: { balance: "sideways" } });
      await assert.rejects(
        refused,
        (thrown) =>
          thrown instanceof ConfigRefusedError && /the built-in config:\d+: .*balance/.test(thrown.message),
      );
    });
  });

  it("has no more HAProxy than the one that is named", async () => {
    const named = process.env.WSRALLY_HAPROXY;
    process.env.WSRALLY_HAPROXY = "/nowhere/haproxy";
    try {
      await withHaproxy(async ({ prepare }) => {
        await assert.rejects(
          prepare(builtIn),
          (thrown) => thrown instanceof EnvironmentError && /WSRALLY_HAPROXY/.test(thrown.message),
        );
      });
    } catch (thrown) {
      // Fetching one is no way out of a name that leads nowhere.
      assert.ok(thrown instanceof EnvironmentError);
    } finally {
      if (named === undefined) delete process.env.WSRALLY_HAPROXY;
      else process.env.WSRALLY_HAPROXY = named;
    }
  });

  it("echoes over TLS", async () => {
    await withHaproxy(async ({ prepare }) => {
      const prepared = await prepare({ kind: "built-in", set: { tls: "on" } });
      assert.equal(prepared.tls, true);
      const running = await prepared.start(never);
      assert.equal(running.endpoint.tls, true);
      assert.notEqual(running.endpoint.caPem, null);
      await running.stop();
    });
  });
});

describe("a config that is adopted", () => {
  it("ends quiet WebSockets as soon as it is asked to, and its log tells", async () => {
    await withHaproxy(async ({ prepare }) => {
      const file = corpusFile("good-site.cfg");
      const running = await (
        await prepare(
          { kind: "file", file },
          { variant: { kind: "idle", seconds: 0.3 }, path: "/ws", access: "opened" },
        )
      ).start(never);
      const got = await upgrade(running, "/ws", "127.0.0.1");
      assert.equal(got.status, 101);
      await got.ended;
      assert.ok(
        await eventually(() => running.diary().entries.some(({ cause }) => cause === "idle-timeout")),
        running.log().join("\n"),
      );
      await running.stop();
    });
  });

  it("cuts open WebSockets after a reload as soon as it is asked to", async () => {
    await withHaproxy(async ({ prepare }) => {
      const file = corpusFile("good-site.cfg");
      const running = await (
        await prepare({ kind: "file", file }, { variant: { kind: "shutdown", seconds: 0.5 }, path: "/ws" })
      ).start(never);
      const got = await upgrade(running, "/ws", "127.0.0.1");
      await running.reload?.();
      await got.ended;
      assert.ok(
        await eventually(() => running.diary().entries.some(({ cause }) => cause === "proxy-stopped")),
        running.log().join("\n"),
      );
      await running.stop();
    });
  });

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

  it("lets the next client hang at a frontend's maxconn", async () => {
    await withHaproxy(async ({ prepare }) => {
      const running = await (await prepare({ kind: "file", file: corpusFile("maxconn-one.cfg") })).start(
        never,
      );
      const first = await upgrade(running, "/sock", "127.0.0.1");
      const second = await upgrade(running, "/sock", "127.0.0.1", 700);
      assert.deepEqual([first.status, second.how], [101, "timeout"]);
      first.close();
      second.close();
      await running.stop();
    });
  });
});
