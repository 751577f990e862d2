import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readRun } from "#wsrally/results/read-run.js";
import { makeArm, makeDocument } from "../report/run-documents.js";
import { withFolder } from "../support/with-folder.js";

describe("readRun()", () => {
  it("reads configs beside the document, and none that a name leads to elsewhere", async () => {
    await withFolder(async (out) => {
      const folder = join(out, "run");
      mkdirSync(folder);
      const document = makeDocument({ arms: [makeArm("on"), makeArm("../secret"), makeArm("off")] });
      writeFileSync(join(folder, "run.json"), JSON.stringify(document));
      writeFileSync(join(folder, "on.conf"), "events {}\n");
      writeFileSync(join(out, "secret.conf"), "a secret\n");
      const { configs, histograms } = readRun(folder, out);
      assert.deepEqual([...configs], [["on", "events {}\n"]]);
      assert.equal(histograms.size, 0);
    });
  });
});
