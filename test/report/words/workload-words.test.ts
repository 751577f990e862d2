import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { networkWords } from "#wsrally/report/words/workload-words.js";

describe("networkWords()", () => {
  const rows = [
    { line: { delayMs: 20, jitterMs: 0, lossShare: 0 }, words: "clients 20.0 ms away each way" },
    {
      line: { delayMs: 20, jitterMs: 5, lossShare: 0.01 },
      words: "clients 20.0 ms ± 5.00 ms away each way, 1 % of packets lost",
    },
    { line: { delayMs: 0, jitterMs: 0, lossShare: 0.02 }, words: "2 % of packets lost" },
    { line: { delayMs: 0, jitterMs: 0, lossShare: 0 }, words: "" },
    { line: null, words: "" },
    { line: undefined, words: "" },
  ];
  for (const { line, words } of rows)
    it(`${JSON.stringify(line)} is ${words === "" ? "nothing" : words}`, () =>
      assert.equal(networkWords({ line }), words));
});
