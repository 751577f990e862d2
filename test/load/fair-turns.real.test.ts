import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { WebSocket } from "ws";
import { FairTurns } from "#wsrally/load/fair-turns.js";
import { withPongServer } from "../support/with-pong-server.js";

describe("FairTurns", () => {
  it("lets who had a thousand frames in one turn wait for the next, and nobody else", async () => {
    await withPongServer({ engine: "ws" }, async (server) => {
      const [greedy, modest] = [1, 2].map(() => new WebSocket(`ws://127.0.0.1:${server.port}/sock`));
      assert.ok(greedy !== undefined && modest !== undefined);
      await Promise.all([once(greedy, "open"), once(modest, "open")]);
      const turns = new FairTurns();
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
});
