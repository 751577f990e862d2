import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { WebSocket } from "ws";
import { FairTurns } from "#wsrally/load/fair-turns.js";
import { startFaultyServer } from "../support/faulty-server.js";
import { withPongServer } from "../support/with-pong-server.js";

describe("FairTurns", () => {
  it("lets who had a thousand frames in one turn wait for the next, and nobody else", async () => {
    await withPongServer({ engine: "ws" }, async (server) => {
      const [greedy, modest] = [1, 2].map(
        () => new WebSocket(`ws://127.0.0.1:${server.port}/sock`, { autoPong: false }),
      );
      assert.ok(greedy !== undefined && modest !== undefined);
      await Promise.all([once(greedy, "open"), once(modest, "open")]);
      const turns = new FairTurns(() => [greedy, modest]);
      for (let round = 0; round < 2; round++) {
        for (let i = 0; i < 1500; i++) turns.took(greedy);
        for (let i = 0; i < 900; i++) turns.took(modest);
        assert.deepEqual([greedy.isPaused, modest.isPaused], [true, false]);
        await nextTurn();
        assert.deepEqual([greedy.isPaused, modest.isPaused], [false, false]);
      }
      greedy.terminate();
      modest.terminate();
    });
  });

  it("lets no more than four go on to the end of what was read of them, however many flood", async () => {
    const pings = 150_000;
    const server = await startFaultyServer("floods-pings");
    const had = new Map<WebSocket, number>();
    const sockets = Array.from(
      { length: 12 },
      () => new WebSocket(`ws://127.0.0.1:${server.port}/sock`, { autoPong: false }),
    );
    const turns = new FairTurns(() => sockets);
    const fullByTurn: number[] = [];
    const inTurn = new Map<WebSocket, number>();
    const isOver = (): boolean => sockets.every((socket) => had.get(socket) === pings);
    for (const socket of sockets) {
      socket.on("ping", () => {
        turns.took(socket);
        had.set(socket, (had.get(socket) ?? 0) + 1);
        inTurn.set(socket, (inTurn.get(socket) ?? 0) + 1);
      });
    }
    while (!isOver()) {
      await nextTurn();
      // One that has just opened was not there to be told to wait.
      if (sockets.every(({ readyState }) => readyState === WebSocket.OPEN))
        fullByTurn.push([...inTurn.values()].filter((frames) => frames >= 1000).length);
      inTurn.clear();
    }
    for (const socket of sockets) socket.terminate();
    await server.close();
    assert.equal(Math.max(...fullByTurn), 4);
  });
});
