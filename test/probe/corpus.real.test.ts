/**
 * A share of the corpus's configs, broken and good, on the nginx of this machine; WSRALLY_NGINX names another. All of them are
 * probed by night (corpus.nightly.test.ts).
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { dayShare } from "../support/day-share.js";
import { corpus } from "./corpus-rows.js";
import { dayRows } from "./support/day-rows.js";
import { titleOf, tryRow } from "./support/try-row.js";

const { version } = await findNginx();

describe(`the corpus on nginx ${version}`, { concurrency: 3 }, () => {
  for (const row of dayShare(dayRows, 2)) it(titleOf(row), () => tryRow(row, version));

  it("has a row for every file, and a file for every row", () => {
    const files = readdirSync("test/probe/corpus")
      .filter((file) => file.endsWith(".conf"))
      .map((file) => file.slice(0, -".conf".length));
    assert.deepEqual([...new Set(corpus.map(({ file }) => file))].sort(), files.sort());
    assert.ok(files.length >= 40);
  });
});
