import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { findingIds } from "#wsrally/diagnosis/finding.js";

describe("docs/findings.md", () => {
  it("explains every id that the code can emit, in its order, and no other", () => {
    const rows = readFileSync("docs/findings.md", "utf8").matchAll(/^\| `([a-z0-9-]+)` \|/gm);
    assert.deepEqual(
      [...rows].map(([, id]) => id),
      [...findingIds],
    );
  });
});
