import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { descriptorLimitOf } from "#wsrally/linux/descriptor-limit.js";
import { isLinuxLayerAvailable } from "#wsrally/linux/linux-layer.js";
import { ping, pong, RawClient, upgradeRequest } from "../support/raw-client.js";
import { type RunningCli, runCli, startCli } from "../support/run-cli.js";
import { setOpenFiles } from "../support/set-open-files.js";
import { epollOnly } from "../support/with-pong-server.js";

interface Listening extends RunningCli {
  readonly ports: readonly number[];
}

async function startBackend(args: readonly string[]): Promise<Listening> {
  const running = startCli(["backend", "--port", "0", ...args]);
  while (!running.stderr().includes("\n")) {
    assert.equal(running.child.exitCode, null, running.stderr());
    await sleep(5);
  }
  const [line = ""] = running.stderr().split(";");
  return { ...running, ports: [...line.matchAll(/127\.0\.0\.1:(\d+)/g)].map((match) => Number(match[1])) };
}

async function askOnce(port: number): Promise<void> {
  const client = await RawClient.open(port);
  client.send(ping);
  assert.deepEqual(await client.take(pong.length), pong);
  client.close();
}

describe("wsrally backend", () => {
  it("says where it listens, and on an interrupt what it counted", async () => {
    const { child, result, ports, stderr } = await startBackend(["--path", "/chat", "--ports", "2"]);
    assert.match(
      stderr(),
      /^Listening on ws:\/\/127\.0\.0\.1:\d+\/chat, and on 127\.0\.0\.1:\d+; a page to try it/,
    );
    assert.equal(ports.length, 2);
    for (const port of ports) {
      const client = new RawClient(port);
      client.send(upgradeRequest("/chat"));
      client.send(ping);
      await client.until(() => client.received.includes(pong));
      client.close();
    }
    child.kill("SIGINT");
    const { code, stdout, stderr: said } = await result;
    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(said, /\n2 WebSockets, 2 messages received, 2 sent\n$/);
  });

  for (const engine of isLinuxLayerAvailable().available ? ["epoll", "ws"] : ["ws"]) {
    it(`prints its counts as JSON, by ${engine}`, async () => {
      const { child, result, ports } = await startBackend(["--json", "--engine", engine]);
      await askOnce(ports[0] as number);
      child.kill("SIGTERM");
      const { code, stdout } = await result;
      const { open, acceptFailures, endings, answerFaults, ...counts } = JSON.parse(stdout);
      assert.equal(code, 0);
      assert.deepEqual(counts, {
        engine,
        accepted: 1,
        upgrades: 1,
        refusedUpgrades: 0,
        refusals: {},
        pages: {},
        unanswered: 0,
        messagesReceived: 1,
        messagesSent: 1,
        bytesReceived: 4,
        bytesSent: 4,
        pushes: { due: 0, sent: 0 },
      });
      assert.ok(open <= 1);
      assert.equal(endings.ownEof, 0);
      assert.deepEqual([answerFaults.dropped, answerFaults.repeated, answerFaults.altered], [0, 0, 0]);
      assert.equal(acceptFailures, engine === "ws" ? null : 0);
    });

    it(`ends each connection after one answer with --once, by ${engine}`, async () => {
      const { child, result, ports } = await startBackend(["--once", "--engine", engine]);
      const client = await RawClient.open(ports[0] as number);
      client.send(ping);
      await client.end();
      assert.deepEqual(client.received, pong);
      client.close();
      child.kill("SIGINT");
      assert.equal((await result).code, 0);
    });
  }

  it("does wrong what it is told to", epollOnly, async () => {
    const { child, result, ports } = await startBackend(["--delay", "exp:1.5ms", "--close-after", "2:1011"]);
    const client = await RawClient.open(ports[0] as number);
    client.send(Buffer.concat([ping, ping]));
    await client.end();
    assert.deepEqual(client.received, Buffer.concat([pong, pong, Buffer.from([0x88, 2, 0x03, 0xf3])]));
    client.close();
    child.kill("SIGINT");
    await result;
  });

  it(
    "goes on when it is out of descriptors, serves those who wait later, and counts it",
    epollOnly,
    async () => {
      const { child, result, ports } = await startBackend(["--json"]);
      const pid = child.pid as number;
      const { soft, hard } = descriptorLimitOf(pid);
      const open = readdirSync(`/proc/${pid}/fd`).map(Number);
      // Node keeps single descriptors far up; the limit is what a new one's number must stay below.
      let highest = 3;
      while (open.includes(highest + 1)) highest++;
      setOpenFiles(pid, { soft: highest + 4, hard });
      const clients = Array.from({ length: 30 }, () => new RawClient(ports[0] as number));
      for (const client of clients) client.send(Buffer.concat([Buffer.from(upgradeRequest()), ping]));
      const answered = (): number => clients.filter(({ received }) => received.includes(pong)).length;
      let before = -1;
      while (answered() !== before) {
        before = answered();
        await sleep(250);
      }
      assert.ok(before < clients.length, `${before} answered`);
      setOpenFiles(pid, { soft, hard });
      while (answered() < clients.length) await sleep(5);
      for (const client of clients) client.close();
      child.kill("SIGINT");
      const { stdout } = await result;
      const { upgrades, acceptFailures } = JSON.parse(stdout);
      assert.equal(upgrades, clients.length);
      assert.ok(acceptFailures > 0);
    },
  );

  const refusals: readonly [args: readonly string[], says: RegExp][] = [
    [["--delay", "fast"], /Want a time such as 20ms, or bare milliseconds: 20, exp:20/],
    [["--close-after", "3:1005"], /close code that may be sent/],
    [["--close-after", "x"], /Want a number of answers/],
    [["--reset-after", "-1"], /Want a number of answers/],
    [["--reset-after", "1", "--once"], /in two ways/],
    [["--stall-after", "1", "--deflate"], /Cannot combine --deflate/],
    [["--port", "65000", "--ports", "1000"], /Cannot listen on 1000 ports from 65000/],
    [["--alter-every", "0"], /Want 1 or more/],
    [["--drop-every", "2", "--duplicate-every", "3"], /in two ways/],
    [["--ports", "0"], /Want a number of ports/],
    [["--engine", "io"], /Allowed choices are/],
  ];
  for (const [args, says] of refusals) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await runCli(["backend", ...args]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, says);
    });
  }

  it("says what it lacks where only the ws server may serve", async () => {
    const { code, stderr } = await runCli(["backend", "--engine", "ws", "--delay", "5"]);
    assert.equal(code, 3);
    assert.match(stderr, /^Cannot serve with faults on purpose: the ws engine was asked for/);
  });
});
