/// <reference lib="dom" />
/** A recording that Chromium made of a page's WebSocket: what `traffic` reads in it, and what a replay of it sends. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import type { TrafficSummary } from "#wsrally/scenario/replay/summary.js";
import { launchChromium } from "../support/chromium.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { withPongServer } from "../support/with-pong-server.js";

/** Bytes of what the page says, each echoed: texts, the first with letters of two bytes, and a binary message. */
const texts = ["é".repeat(30), "hello ".repeat(20), "x".repeat(200)];
const binaryBytes = 700;
const sizes = [60, 120, 200, binaryBytes];

async function record(har: string): Promise<void> {
  const browser = await launchChromium();
  try {
    await withPongServer({ path: null }, async ({ port }) => {
      const context = await browser.newContext({ recordHar: { path: har } });
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      await page.evaluate(
        async ({ texts, binaryBytes }) => {
          const socket = new WebSocket(`ws://${location.host}/sock`);
          const next = (event: "open" | "message"): Promise<void> =>
            new Promise((resolve) => {
              socket.addEventListener(event, () => resolve(), { once: true });
            });
          await next("open");
          for (const message of [...texts, new Uint8Array(binaryBytes)]) {
            const reply = next("message");
            socket.send(message);
            await reply;
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          socket.close();
        },
        { texts, binaryBytes },
      );
      // The file is written by it.
      await context.close();
    });
  } finally {
    await browser.close();
  }
}

describe("a recording by Chromium", { timeout: 120_000 }, () => {
  it("is read message by message, and replayed without a failure", async () => {
    await withFolder(async (folder) => {
      const har = join(folder, "page.har");
      await record(har);

      const shape = await runHere(["traffic", har, "--json"]);
      assert.equal(shape.code, 0, shape.stderr);
      const { up, replies, own, ...summary }: TrafficSummary = JSON.parse(shape.stdout);
      // The page of the backend pings as it opens: a session of its own.
      assert.equal(summary.sessions, 2);
      assert.deepEqual([up.messages, up.max], [1 + sizes.length, binaryBytes]);
      assert.deepEqual([replies.messages, replies.max, own.messages], [1 + sizes.length, binaryBytes, 0]);

      const scenario = await runHere(["traffic", har]);
      assert.match(scenario.stdout, /2 recorded sessions/);

      const load = ["--replay", har, "--connections", "6", "--blocks", "1", "--duration", "2"];
      const run = await runHere(["run", "nginx", ...load, "--out", folder]);
      assert.equal(run.code, 0, run.stderr);
      assert.match(
        run.stdout,
        /No failures: it held its 6 connections to the end, and all \S+ messages arrived/,
      );
      const shown = await runHere(["report", "latest", "--out", folder, "--json"]);
      const document: RunDocument = JSON.parse(shown.stdout);
      const [trial] = document.arms[0]?.trials ?? [];
      assert.ok(trial !== undefined && trial.accounting.clientSent > 0);
      const { clientSent, clientReceived, backendReceived, backendSent } = trial.accounting;
      assert.deepEqual([backendReceived, backendSent], [clientSent, clientReceived]);
      assert.deepEqual(trial.failures, []);
    });
  });
});
