/// <reference lib="dom" />
/** The HTML report as readers meet it: in a real Chromium, from a file, without network. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { renderHtmlReport } from "#wsrally/report/html/render-html-report.js";
import { renderProbePage } from "#wsrally/report/html/render-probe-page.js";
import type { StoredRun } from "#wsrally/results/read-run.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { launchChromium } from "../../support/chromium.js";
import { gateDocuments, gated, gatePair, gateRegression } from "../gate-documents.js";
import { mixedProbe } from "../probe-documents.js";
import { makeDocument, ratesDocument } from "../run-documents.js";
import { makeCapacityDocument, makeSoakDocument } from "../search-documents.js";
import { missedSlo } from "../slo-results.js";
import { chartedRun, hostileRun, makeStoredRun } from "./stored-runs.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const desk = { width: 1280, height: 900 };
const ratesRun = makeStoredRun(ratesDocument);
const capacityRun = makeStoredRun(makeCapacityDocument());
const soakRun = makeStoredRun(makeSoakDocument());
const advice = { ...gateRegression, id: "buffering", status: "warning", fails: false } as const;
const probedGate = gated(
  makeDocument({ arms: [] }),
  [{ ...gatePair, regressions: [gateRegression, { ...advice, cure: "in `http`:\n  proxy_buffering off;" }] }],
  null,
);
const gateRun = makeStoredRun(probedGate);
const openGateRun = makeStoredRun({ ...(gateDocuments.inconclusive as RunDocument), slo: [missedSlo] });
const probePage = { name: "a probe" };
const narrow = { width: 360, height: 780 };
const phone = { width: 390, height: 844 };

describe("the HTML report in Chromium", { timeout: 120_000 }, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "wsrally-report-"));
  const files = new Map<object, string>();

  before(async () => {
    browser = await launchChromium();
    for (const [i, run] of [
      chartedRun,
      hostileRun,
      ratesRun,
      capacityRun,
      soakRun,
      gateRun,
      openGateRun,
    ].entries()) {
      const file = join(folder, `${i}.html`);
      writeFileSync(file, renderHtmlReport(run));
      files.set(run, pathToFileURL(file).href);
    }
    const file = join(folder, "probe.html");
    writeFileSync(file, renderProbePage(mixedProbe));
    files.set(probePage, pathToFileURL(file).href);
  });

  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a run's page; fails on anything that it asks the network for or that its console complains about. */
  async function withPage(
    run: object,
    options: BrowserContextOptions,
    work: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ viewport: desk, locale: "en-US", offline: true, ...options });
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      const address = files.get(run) ?? "";
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(String(error.stack)));
      page.on("request", (request) => {
        if (request.url() !== address) complaints.push(`asks for ${request.url()}`);
      });
      await page.goto(address);
      await work(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }

  it("draws where the browser's language is none, as Chromium's in the C locale", async () => {
    const context = await browser.newContext({ viewport: desk, offline: true });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error.stack)));
      await page.addInitScript(() =>
        Object.defineProperty(navigator, "language", { value: "en-US@posix", configurable: true }),
      );
      await page.goto(files.get(capacityRun) ?? "");
      assert.ok((await page.locator("canvas").count()) > 0, "a chart");
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  });

  /** Pixels of a chart's canvas that are neither transparent nor grey: the lines and points of the arms. */
  function inkOf(page: Page, chart: string): Promise<number> {
    return page.evaluate((name) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`[data-chart="${name}"] canvas`);
      const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let ink = 0;
      for (let i = 0; i < pixels.length; i += 4) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.slice(i, i + 4);
        if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) ink++;
      }
      return ink;
    }, chart);
  }

  it("draws its charts and asks nobody for anything", async () => {
    await withPage(chartedRun, {}, async (page) => {
      for (const chart of ["percentiles", "time", "slices"]) {
        assert.ok((await inkOf(page, chart)) > 500, chart);
      }
      assert.ok((await page.locator("svg.interval .dot").count()) > 0);
    });
    await withPage([...files.keys()][2] as StoredRun, {}, async (page) => {
      assert.ok((await inkOf(page, "load")) > 300);
    });
  });

  it("switches a line off and on, and shows another metric", async () => {
    await withPage(chartedRun, {}, async (page) => {
      const whole = await inkOf(page, "percentiles");
      const entry = page.locator('[data-chart="percentiles"] .entry').first();
      await entry.click();
      assert.equal(await entry.getAttribute("aria-pressed"), "false");
      const less = await inkOf(page, "percentiles");
      assert.ok(less < whole * 0.8, `${less} of ${whole}`);
      await entry.click();
      assert.equal(await inkOf(page, "percentiles"), whole);
      const label = page.locator('[data-chart="time"] [role="slider"]');
      assert.match((await label.getAttribute("aria-label")) ?? "", /^round trip p50/);
      await page.locator('[data-chart="time"] select').first().selectOption("throughput");
      assert.match((await label.getAttribute("aria-label")) ?? "", /^throughput/);
      assert.ok((await inkOf(page, "time")) > 500);
    });
  });

  it("draws a search's latency against load, of all arms and of each", async () => {
    await withPage(capacityRun, {}, async (page) => {
      const chart = page.locator('[data-chart="capacity"]');
      assert.ok((await inkOf(page, "capacity")) > 500);
      await chart.locator("select").selectOption("all of other");
      assert.deepEqual(await chart.locator(".entry .name").allInnerTexts(), [
        "response p99",
        "response mean",
        "wire p99",
      ]);
      const points = await inkOf(page, "capacity");
      assert.ok(points > 500);
      const slider = chart.locator('[role="slider"]');
      assert.match((await slider.getAttribute("aria-label")) ?? "", /by messages offered a second/);
      await slider.focus();
      await page.keyboard.press("End");
      const said = (await slider.getAttribute("aria-valuetext")) ?? "";
      assert.match(said, /^1\d,\d{3}\/s: response p99 .*\(missed\)/);
      for (const entry of await chart.locator(".entry").all()) await entry.click();
      const none = await inkOf(page, "capacity");
      assert.ok(none < points / 10, `${none} of ${points}`);
    });
  });

  it("draws a soak over its time, with its trends in words", async () => {
    await withPage(soakRun, {}, async (page) => {
      const chart = page.locator('[data-chart="soak"]');
      assert.deepEqual(await chart.locator("option").allInnerTexts(), [
        "memory",
        "latency",
        "CPU a message",
        "open files",
        "messages under way",
        "throughput",
      ]);
      const names = chart.locator(".entry .name");
      assert.match((await names.allInnerTexts()).join("; "), /^memory; memory grows 3\.35 GiB an hour/);
      const both = await inkOf(page, "soak");
      await chart.locator(".entry").nth(1).click();
      const dots = await inkOf(page, "soak");
      assert.ok(dots > 200 && dots < both - 300, `${dots} of ${both}`);
      await chart.locator("select").selectOption("latency");
      assert.equal((await names.allInnerTexts()).length, 4);
    });
  });

  it("follows the system's light or dark, and the reader's choice", async () => {
    const ground = (page: Page): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await withPage(chartedRun, { colorScheme: "dark" }, async (page) => {
      const dark = await ground(page);
      await page.getByRole("button", { name: "Light theme" }).click();
      const light = await ground(page);
      assert.deepEqual([dark, light], ["rgb(20, 23, 28)", "rgb(255, 255, 255)"]);
      await page.getByRole("button", { name: "Dark theme" }).click();
      assert.equal(await ground(page), dark);
      assert.ok((await inkOf(page, "percentiles")) > 500);
    });
    await withPage(chartedRun, { colorScheme: "light" }, async (page) => {
      assert.equal(await ground(page), "rgb(255, 255, 255)");
    });
  });

  it("can be used by keyboard alone, and says values to a screen reader", async () => {
    await withPage(chartedRun, {}, async (page) => {
      const reached: string[] = [];
      for (let i = 0; i < 120; i++) {
        await page.keyboard.press("Tab");
        const place = await page.evaluate(() => {
          const active = document.activeElement;
          if (active === null || active === document.body) return null;
          const outline = getComputedStyle(active).outlineStyle;
          const chart = active.closest("[data-chart]")?.getAttribute("data-chart") ?? "";
          return `${active.tagName.toLowerCase()}.${active.className} ${chart} ${outline}`;
        });
        if (place === null) break;
        reached.push(place);
      }
      assert.match(reached[0] ?? "", /^a\.skip/);
      assert.deepEqual(
        reached.filter((place) => place.endsWith(" none")),
        [],
      );
      for (const wanted of [
        /button\.theme/,
        /select.* percentiles/,
        /button\.entry.* time/,
        /summary/,
        /chart-ground time/,
      ]) {
        assert.ok(
          reached.some((place) => wanted.test(place)),
          String(wanted),
        );
      }
      const slider = page.locator('[data-chart="percentiles"] [role="slider"]');
      await slider.focus();
      await page.keyboard.press("Home");
      for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
      assert.match((await slider.getAttribute("aria-valuetext")) ?? "", /^50 %: (?:\S+ [\d.]+ .s(?:, |$))+/);
      assert.match(await page.locator('[data-chart="percentiles"] .where').innerText(), /^50 %$/);
    });
  });

  const sights = [
    { name: "a comparison", run: chartedRun, viewport: desk, colorScheme: "light" },
    { name: "a comparison", run: chartedRun, viewport: phone, colorScheme: "dark" },
    { name: "a search", run: capacityRun, viewport: desk, colorScheme: "dark" },
    { name: "a search", run: capacityRun, viewport: narrow, colorScheme: "light" },
    { name: "a soak", run: soakRun, viewport: narrow, colorScheme: "dark" },
    { name: "a failed gate", run: gateRun, viewport: desk, colorScheme: "light" },
    { name: "a failed gate", run: gateRun, viewport: phone, colorScheme: "dark" },
    { name: "a probe", run: probePage, viewport: desk, colorScheme: "dark" },
    { name: "a probe", run: probePage, viewport: narrow, colorScheme: "light" },
    { name: "an open gate", run: openGateRun, viewport: narrow, colorScheme: "light" },
  ] as const;
  for (const { name, run, viewport, colorScheme } of sights) {
    it(`has no fault that axe finds in ${name}, ${colorScheme}, ${viewport.width} pixels wide`, async () => {
      await withPage(run, { viewport, colorScheme }, async (page) => {
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.equal(width, viewport.width);
        for (const details of await page.locator("details").all()) {
          await details.evaluate((element) => element.setAttribute("open", ""));
        }
        await page.evaluate(axe);
        const faults = await page.evaluate(async () => {
          // @ts-expect-error axe is a global of the page.
          const { violations } = await globalThis.axe.run();
          return violations.map((one: { id: string; nodes: { html: string }[] }) => [
            one.id,
            one.nodes.map((node) => node.html.slice(0, 160)),
          ]);
        });
        assert.deepEqual(faults, []);
      });
    });
  }

  it("prints to paper, light though the screen is dark, and is itself again afterwards", async () => {
    await withPage(chartedRun, { colorScheme: "dark" }, async (page) => {
      const before = await inkOf(page, "percentiles");
      const pdf = await page.pdf({ format: "A4", printBackground: true });
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
      assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
      assert.equal(
        await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme),
        "light dark",
      );
      assert.equal(await inkOf(page, "percentiles"), before);
    });
  });

  it("runs nothing that a name, a config or a log line says", async () => {
    await withPage(hostileRun, {}, async (page) => {
      await page.waitForTimeout(100);
      assert.equal(await page.evaluate(() => Reflect.get(globalThis, "wsrallyHurt")), undefined);
      assert.ok((await page.getByText("globalThis.wsrallyHurt=1").count()) > 20);
      assert.ok((await inkOf(page, "percentiles")) > 500);
    });
  });

  it("gives a search's steps and marks where scripts are off", async () => {
    await withPage(capacityRun, { javaScriptEnabled: false }, async (page) => {
      await page.locator('[data-chart="capacity"] summary').click();
      assert.ok(await page.getByRole("cell", { name: "missed", exact: true }).first().isVisible());
      assert.ok(await page.getByRole("cell", { name: "SLO's edge" }).first().isVisible());
    });
  });

  it("gives the charts' numbers where scripts are off", async () => {
    await withPage(chartedRun, { javaScriptEnabled: false }, async (page) => {
      assert.equal(await page.locator("canvas").count(), 0);
      await page.locator('[data-chart="percentiles"] summary').click();
      assert.ok(await page.getByRole("cell", { name: /µs$/ }).first().isVisible());
      assert.match(await page.locator("noscript").innerText(), /tables/);
    });
  });
});
