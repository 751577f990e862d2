/** All of the corpus, of which a commit tries a share (corpus.real.test.ts). */
import { describe, it } from "node:test";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { corpus } from "./corpus-rows.js";
import { titleOf, tryRow } from "./support/try-row.js";

const { version } = await findNginx();

describe(`the whole corpus on nginx ${version}`, { concurrency: 3 }, () => {
  for (const row of corpus) it(titleOf(row), () => tryRow(row, version));
});
