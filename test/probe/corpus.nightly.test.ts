/** What is left of the corpus (corpus.real.test.ts): good configs, most of them, which a probe looks at longest. */
import { describe, it } from "node:test";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { corpus } from "./corpus-rows.js";
import { titleOf, tryRow } from "./support/try-row.js";

const { version } = await findNginx();

describe(`the rest of the corpus on nginx ${version}`, { concurrency: 3 }, () => {
  for (const row of corpus.filter(({ isNightly }) => isNightly === true))
    it(titleOf(row), () => tryRow(row, version));
});
