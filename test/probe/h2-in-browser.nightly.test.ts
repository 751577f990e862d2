/// <reference lib="dom" />
/**
 * What `h2-websocket-announced` and `h2-websocket-refused` say of browsers, by a browser: from a page that came over HTTP/2 it
 * opens its WebSocket so where that is announced, and does not try HTTP/1.1 where it is refused then.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { drivers } from "#wsrally/proxy/drivers.js";
import { never, withUpgrades } from "../proxy/support/upgrade-bench.js";
import { launchChromium } from "../support/chromium.js";

const rows = [
  { kind: "caddy", xconnect: true, comes: "open", reaches: true },
  { kind: "caddy", xconnect: false, comes: "open", reaches: true },
  { kind: "traefik", xconnect: true, comes: "error", reaches: false },
  { kind: "traefik", xconnect: false, comes: "open", reaches: true },
] as const;

describe("a WebSocket of Chromium's", { timeout: 120_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium();
  });
  after(() => browser.close());

  for (const { kind, xconnect, comes, reaches } of rows)
    it(`through ${kind}, which ${xconnect ? "announces them" : "does not announce them"}: ${comes}`, () =>
      withUpgrades(drivers[kind], async ({ prepare, takeSeen }) => {
        const set = { tls: "on", ...(xconnect ? { GODEBUG: "http2xconnect=1" } : {}) };
        const proxy = await (await prepare({ kind: "built-in", set })).start(never);
        const context = await browser.newContext({ ignoreHTTPSErrors: true });
        try {
          const page = await context.newPage();
          await page.goto(`https://127.0.0.1:${proxy.endpoint.port}/`);
          takeSeen();
          const seen = await page.evaluate(async () => {
            const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
            const socket = new WebSocket(`wss://${location.host}/sock`);
            const came = await new Promise<string>((resolve) => {
              socket.onopen = () => resolve("open");
              socket.onerror = () => resolve("error");
            });
            return { came, protocol: navigation?.nextHopProtocol };
          });
          assert.deepEqual(seen, { came: comes, protocol: "h2" });
          assert.equal(takeSeen() !== null, reaches);
        } finally {
          await context.close();
          await proxy.stop();
        }
      }));
});
