import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lineBill } from "#wsrally/trial/rollout/line-bill.js";
import { rolloutWeather, takesLine } from "#wsrally/trial/rollout/rollout-weather.js";

const none = { delay: null, lossShare: null, lastsS: 3 };
const delay = { delayMs: 5, jitterMs: 1 };
const fair = { delayMs: 0, jitterMs: 0, lossShare: 0 };

describe("rolloutWeather()", () => {
  const rows = [
    { event: "delay", asked: none, usual: fair, bad: { ...fair, delayMs: 20 }, line: true },
    { event: "delay", asked: { ...none, delay }, usual: fair, bad: { ...fair, ...delay }, line: true },
    { event: "loss", asked: none, usual: fair, bad: { ...fair, lossShare: 0.01 }, line: true },
    {
      event: "loss",
      asked: { ...none, delay, lossShare: 0.05 },
      usual: { ...fair, ...delay },
      bad: { ...delay, lossShare: 0.05 },
      line: true,
    },
    {
      event: "restart",
      asked: { ...none, delay, lossShare: 0.02 },
      usual: { ...delay, lossShare: 0.02 },
      bad: { ...delay, lossShare: 0.02 },
      line: true,
    },
    { event: "dead-peers", asked: none, usual: fair, bad: fair, line: true },
    { event: "restart", asked: none, usual: fair, bad: fair, line: false },
  ] as const;
  for (const { event, asked, usual, bad, line } of rows)
    it(`${event}, ${JSON.stringify(asked)}`, () => {
      const weather = rolloutWeather(event, asked);
      assert.deepEqual(weather, { usual, bad, lastsS: 3 });
      assert.equal(takesLine(event, weather), line);
    });
});

describe("lineBill()", () => {
  const figures = { toProxy: 10, toClients: 10, lost: 1, cutOff: 0, overflowed: 0, busyShare: 0.1 };
  const weather = rolloutWeather("delay", none);

  it("says what the event brought, and whether the line was the limit by that", () => {
    const bill = lineBill("delay", weather, { ...figures, lateUs: { p50: 1, p99: 1900 } });
    assert.deepEqual([bill.bad, bill.isLimit], [{ ...weather.bad, lastsMs: 3000 }, false]);
  });

  it("has nothing that another event brought", () => {
    const usual = rolloutWeather("restart", none);
    const bill = lineBill("restart", usual, { ...figures, lateUs: { p50: 1, p99: 1900 } });
    assert.deepEqual([bill.bad, bill.isLimit], [null, true]);
  });
});
