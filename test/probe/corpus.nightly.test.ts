/** What is left of the corpus (corpus.real.test.ts): what other rows show as well. */
import { describe, it } from "node:test";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { nightRows } from "./support/day-rows.js";
import { titleOf, tryRow } from "./support/try-row.js";

const { version } = await findNginx();

describe(`the rest of the corpus on nginx ${version}`, { concurrency: 3 }, () => {
  for (const row of nightRows) it(titleOf(row), () => tryRow(row, version));
});
