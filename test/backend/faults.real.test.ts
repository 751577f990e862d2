import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { drawDelay, type FaultPlan } from "#wsrally/backend/fault-plan.js";
import { startPongServer } from "#wsrally/backend/start-pong-server.js";
import { monotonicClock } from "#wsrally/base/clock.js";
import { createPrng } from "#wsrally/base/prng.js";
import { closeDescriptor } from "#wsrally/linux/close-descriptor.js";
import { errnos } from "#wsrally/linux/errno.js";
import { PinnedBuffer } from "#wsrally/linux/pinned-buffer.js";
import { addressFamilies, sockaddrOf } from "#wsrally/linux/socket-address.js";
import { sendBytes } from "#wsrally/linux/socket-bytes.js";
import { socketError } from "#wsrally/linux/socket-options.js";
import { connectSocket, openTcpSocket } from "#wsrally/linux/tcp-socket.js";
import { buildClosePayload } from "#wsrally/websocket/close-payload.js";
import { opcodes } from "#wsrally/websocket/opcode.js";
import { clientFrame, ping, pong, RawClient, serverFrame, upgradeRequest } from "../support/raw-client.js";
import { epollOnly, withPongServer } from "../support/with-pong-server.js";

const plan: FaultPlan = { delay: null, ending: null, answers: null, seed: 1 };
const threePings = Buffer.concat([ping, ping, ping]);

function closeFrame(code: number): Buffer {
  return serverFrame(opcodes.close, buildClosePayload(code));
}

describe("the pong server's faults on purpose", epollOnly, () => {
  for (const delay of [
    { kind: "fixed", ns: 5e6 },
    { kind: "exponential", meanNs: 2e6 },
  ] as const) {
    it(`keeps the order of a connection's answers with a ${delay.kind} delay`, async () => {
      await withPongServer({ faults: { ...plan, delay } }, async (server) => {
        const clients = await Promise.all(Array.from({ length: 10 }, () => RawClient.open(server.port)));
        const texts = Array.from({ length: 50 }, (_, index) => `${index}`.padStart(3, "0"));
        const beganNs = monotonicClock.now();
        for (const client of clients)
          client.send(Buffer.concat(texts.map((text) => clientFrame(opcodes.text, text))));
        const expected = Buffer.concat(texts.map((text) => serverFrame(opcodes.text, text)));
        for (const client of clients) {
          assert.deepEqual(await client.take(expected.length), expected);
          client.close();
        }
        if (delay.kind === "fixed") assert.ok(monotonicClock.now() - beganNs >= delay.ns);
        assert.equal(server.counts().messagesSent, 500);
      });
    });
  }

  it("answers what is delayed before it answers a close frame, or the end of the stream", async () => {
    await withPongServer({ faults: { ...plan, delay: { kind: "fixed", ns: 5e6 } } }, async (server) => {
      const closing = await RawClient.open(server.port);
      closing.send(Buffer.concat([ping, clientFrame(opcodes.close, buildClosePayload(1000))]));
      await closing.end();
      assert.deepEqual(closing.received, Buffer.concat([pong, closeFrame(1000)]));
      const ending = await RawClient.open(server.port);
      ending.socket.end(threePings);
      await ending.end();
      assert.deepEqual(ending.received, Buffer.concat([pong, pong, pong]));
      closing.close();
      const gone = await RawClient.open(server.port);
      gone.send(ping);
      await gone.until(() => server.counts().messagesReceived === 5);
      gone.socket.resetAndDestroy();
      await gone.until(() => server.counts().open === 0);
    });
  });

  it("closes after so many answers, with its code", async () => {
    const ending = { kind: "close", after: 2, code: 1011 } as const;
    await withPongServer({ faults: { ...plan, ending } }, async (server) => {
      const client = await RawClient.open(server.port);
      client.send(threePings);
      await client.end();
      assert.deepEqual(client.received, Buffer.concat([pong, pong, closeFrame(1011)]));
      client.close();
      assert.equal(server.counts().messagesSent, 2);
    });
  });

  it("closes at once after no answers", async () => {
    const ending = { kind: "close", after: 0, code: 1013 } as const;
    await withPongServer({ faults: { ...plan, ending } }, async (server) => {
      const client = await RawClient.open(server.port);
      await client.end();
      assert.deepEqual(client.received, closeFrame(1013));
      client.close();
    });
  });

  it("resets after so many answers", async () => {
    const faults: FaultPlan = { ...plan, ending: { kind: "reset", after: 2 } };
    await withPongServer({ faults }, async (server) => {
      // libuv may report a reset as an end when data came with it, so the kernel is asked.
      const fd = openTcpSocket(addressFamilies.ipv4);
      const buffer = new PinnedBuffer(4096);
      connectSocket(fd, sockaddrOf("127.0.0.1", server.port));
      // To an address of this machine it is connected at once, though not said to be.
      assert.ok(sendBytes(fd, buffer, 0, buffer.bytes.write(upgradeRequest())) > 0);
      while (server.counts().upgrades === 0) await sleep(1);
      for (const answers of [1, 2]) {
        assert.equal(socketError(fd), 0);
        sendBytes(fd, buffer, 0, ping.copy(buffer.bytes));
        while (server.counts().messagesSent < answers) await sleep(1);
      }
      while (server.counts().open > 0) await sleep(1);
      assert.equal(socketError(fd), errnos.ECONNRESET);
      closeDescriptor(fd);
    });
  });

  it("stalls after so many answers: takes everything, answers nothing, and keeps the connection", async () => {
    const faults: FaultPlan = { ...plan, ending: { kind: "stall", after: 1 } };
    await withPongServer({ faults }, async (server) => {
      const client = await RawClient.open(server.port);
      const control = [clientFrame(opcodes.ping, "?"), clientFrame(opcodes.close, "")];
      client.send(Buffer.concat([threePings, ...control]));
      assert.deepEqual(await client.take(pong.length), pong);
      await client.until(() => server.counts().messagesReceived === 3);
      const other = await RawClient.open(server.port);
      other.send(ping);
      await other.take(pong.length);
      assert.equal(client.received.length, 0);
      assert.deepEqual([server.counts().open, server.counts().messagesSent], [2, 2]);
      client.socket.end();
      await client.until(() => server.counts().open === 1);
      other.close();
    });
  });

  it("are refused where only the ws server could serve", () => {
    const options = { host: "127.0.0.1", port: 0, path: null, once: false, deflate: false };
    const faults: FaultPlan = { ...plan, ending: { kind: "reset", after: 1 } };
    assert.throws(() => startPongServer({ ...options, faults, engine: "ws" }), {
      name: "EnvironmentError",
      message: /with faults on purpose: the ws engine was asked for/,
    });
    assert.throws(() => startPongServer({ ...options, stamps: true, deflate: true }), /permessage-deflate/);
  });
});

describe("drawDelay()", () => {
  it("draws exponential delays with the mean asked for", () => {
    const prng = createPrng(7);
    const delays = Array.from({ length: 20_000 }, () =>
      drawDelay({ kind: "exponential", meanNs: 1e6 }, prng),
    );
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    assert.ok(Math.abs(mean / 1e6 - 1) < 0.03, `${mean}`);
    const beyondMean = delays.filter((delay) => delay > 1e6).length / delays.length;
    assert.ok(Math.abs(beyondMean - Math.exp(-1)) < 0.02, `${beyondMean}`);
  });
});
