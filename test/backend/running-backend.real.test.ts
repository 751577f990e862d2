/** A backend with a token, asked by a run that did not start it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { WebSocket } from "ws";
import { findRunningBackend } from "#wsrally/backend/running-backend.js";
import { tokenHeader, tokenQuery } from "#wsrally/websocket/run-token.js";
import { pongEngines, withPongServer } from "../support/with-pong-server.js";

const token = "a-word-of-this-test";

/** Opens, says something, hears the answer. */
async function talk(url: string, headers: Readonly<Record<string, string>> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers });
  await once(socket, "open");
  socket.send("ping");
  await once(socket, "message");
  return socket;
}

for (const engine of pongEngines) {
  describe(`a backend with a token (${engine})`, { concurrency: true }, () => {
    const options = { engine, path: null, token } as const;

    it("counts those who bring it, by header or query, and all others apart", () =>
      withPongServer(options, async ({ host, port }) => {
        const backend = (await findRunningBackend({ host, port }, token)) ?? assert.fail("none answered");
        assert.deepEqual([backend.engine, backend.sharesClock, backend.goesDown], [engine, true, false]);
        const url = `ws://${host}:${port}/any/path`;
        const ours = await talk(url, { [tokenHeader]: token });
        const byQuery = await talk(url + tokenQuery(url, token));
        const other = await talk(url, { [tokenHeader]: "another-word" });
        assert.equal((await fetch(`http://${host}:${port}/healthz`)).status, 200);
        const counts = (await backend.report()).counts ?? assert.fail("no counts");
        assert.deepEqual([counts.upgrades, counts.open, counts.messagesReceived], [2, 2, 2]);
        assert.deepEqual(counts.others, { websockets: 1, otherRequests: 1, messages: 1 });
        const anew = (await backend.reset()).counts;
        assert.deepEqual([anew?.upgrades, anew?.open, anew?.others?.messages], [0, 2, 0]);
        for (const socket of [ours, byQuery, other]) socket.terminate();
      }));

    it("tells nobody else", () =>
      withPongServer(options, async ({ host, port }) => {
        assert.equal(await findRunningBackend({ host, port }, "another-word"), null);
        const page = await fetch(`http://${host}:${port}/.wsrally/report`);
        assert.equal(await page.text(), "ok\n");
      }));

    if (engine === "ws") return;

    it("drains when it is told to, and serves again", () =>
      withPongServer(options, async ({ host, port }) => {
        const backend = (await findRunningBackend({ host, port }, token)) ?? assert.fail("none answered");
        const url = `ws://${host}:${port}/`;
        const socket = await talk(url, { [tokenHeader]: token });
        const closed = once(socket, "close");
        await backend.take({ kind: "draining", code: 1012, status: 503 });
        assert.equal((await closed)[0], 1012);
        await assert.rejects(talk(url), /503/);
        await backend.take({ kind: "serving" });
        (await talk(url)).terminate();
        await assert.rejects(backend.take({ kind: "down" }), /cannot go down/);
      }));
  });
}

it("is none where another server answers, or nobody", async () => {
  await withPongServer({}, async ({ host, port }) => {
    assert.equal(await findRunningBackend({ host, port }, token), null);
  });
  assert.equal(await findRunningBackend({ host: "127.0.0.1", port: 1 }, token), null);
});
