/** A share of the corpus by the HAProxy of this machine; all of it by night (corpus.nightly.test.ts). */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, it } from "node:test";
import { dayShare } from "../../support/day-share.js";
import { corpus } from "./corpus-rows.js";
import { corpusFile, withHaproxy } from "./support/haproxy-bench.js";
import { prepareAsGate } from "./support/prepare-as-gate.js";
import { tryRow } from "./support/try-row.js";

describe("HAProxy's corpus", () => {
  it("has a row for every config, and a config for every row", () => {
    const files = readdirSync(dirname(corpusFile("x"))).filter((name) => name.endsWith(".cfg"));
    assert.deepEqual(
      files.map((name) => basename(name, ".cfg")).sort(),
      corpus.map(({ file }) => file).sort(),
    );
    assert.ok(files.length >= 60);
  });

  it("says what it must, and nothing else", async (test) => {
    await withHaproxy(async (bench) => {
      for (const row of dayShare(corpus)) await test.test(row.file, () => tryRow(row, bench));
    });
  });

  it("is refused by a gate with its place, what is not for strangers, and the first is taken", async (test) => {
    const [first, ...others] = corpus;
    const refused = others.filter((row) => (row.confined ?? row.refused) !== undefined);
    await withHaproxy(async (bench) => {
      for (const row of [first, ...dayShare(refused)])
        if (row !== undefined) await test.test(row.file, () => prepareAsGate(row, bench));
    });
  });
});
