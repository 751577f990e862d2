import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keepsRolloutSlo, parseRolloutSlos } from "#wsrally/scenario/rollout-slo.js";

describe("parseRolloutSlos()", () => {
  const read: readonly (readonly [text: string, metric: string, operator: string, limit: number])[] = [
    ["lost == 0", "lost", "==", 0],
    ["lost<10", "lost", "<", 10],
    ["down.p99 < 500ms", "down.p99", "<", 500],
    ["down.max <= 2s", "down.max", "<=", 2000],
    ["allBack < 1m", "allBack", "<", 60_000],
    ["during.p99 < 20ms", "during.p99", "<", 20_000],
    ["slow < 0.5s", "slow", "<", 500],
  ];
  for (const [text, metric, operator, limit] of read)
    it(`reads ${text}`, () => {
      const [slo] = parseRolloutSlos(text);
      assert.deepEqual([slo?.metric, slo?.operator, slo?.limit], [metric, operator, limit]);
    });

  it("reads several with && or commas between them", () => {
    assert.deepEqual(
      parseRolloutSlos("lost == 0 && down.p50 < 1s, burst <= 100").map(({ expression }) => expression),
      ["lost == 0", "down.p50 < 1s", "burst <= 100"],
    );
  });

  const refused: readonly (readonly [text: string, why: RegExp])[] = [
    ["", /want NAME < LIMIT/],
    ["los == 0", /did you mean lost\?/],
    ["p99 < 20ms", /there is no p99/],
    ["lost < 5ms", /lost is counted: want no unit after 5/],
    ["down.p99 < 500", /500 of what\? Want a time with its unit, such as 500ms/],
    ["down.p99 == 500ms", /varies, so that it equals nothing/],
    ["lost > 5", /is no clause/],
  ];
  for (const [text, why] of refused)
    it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseRolloutSlos(text), why));
});

describe("keepsRolloutSlo()", () => {
  for (const [text, value, keeps] of [
    ["lost == 0", 0, true],
    ["lost == 0", 1, false],
    ["down.p99 < 500ms", 500, false],
    ["down.p99 <= 500ms", 500, true],
  ] as const)
    it(`${value} ${keeps ? "keeps" : "misses"} ${text}`, () => {
      const [slo] = parseRolloutSlos(text);
      assert.ok(slo !== undefined);
      assert.equal(keepsRolloutSlo(slo, value), keeps);
    });
});
