/** A run's folder that goes when nothing was measured, and stays with whatever was. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { createRunFolder } from "#wsrally/results/run-folder.js";
import { makeRollout, rolloutDocument } from "../report/rollout-documents.js";
import { makeDocument, oneArmDocument } from "../report/run-documents.js";
import { makeCapacityDocument, makeSoakDocument } from "../report/search-documents.js";
import { withFolder } from "../support/with-folder.js";

const rows: readonly (readonly [what: string, document: RunDocument, isBare: boolean])[] = [
  ["arms without a trial", makeDocument({ arms: [], comparisons: [] }), true],
  ["trials", oneArmDocument, false],
  ["the steps of a search", { ...makeCapacityDocument(), arms: [] }, false],
  ["windows of a soak", { ...makeSoakDocument(), arms: [] }, false],
  ["the bill of an event", rolloutDocument([makeRollout()]), false],
];

describe("discardIfBare()", () => {
  for (const [what, document, isBare] of rows) {
    it(`${isBare ? "takes away" : "leaves"} a folder with ${what}, and says once that results begin`, async () => {
      await withFolder(async (out) => {
        const begun: string[] = [];
        const folder = await createRunFolder(out, "run-1", (path) => begun.push(path));
        await folder.writeDocument(document);
        await folder.writeDocument(document);
        assert.deepEqual(begun, isBare ? [] : [folder.path]);
        assert.equal(folder.discardIfBare(), isBare);
        assert.equal(existsSync(folder.path), !isBare);
      });
    });
  }
});
