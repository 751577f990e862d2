/**
 * A config of the corpus, held against a real Caddy.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { caddyDriver } from "#wsrally/proxy/caddy/driver.js";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { compareVersions } from "#wsrally/proxy/program/program-spec.js";
import { withFolder } from "../../../support/with-folder.js";
import { never, type UpgradeBench, upgrade } from "../../support/upgrade-bench.js";
import { type CorpusRow, configText } from "../corpus/corpus-row.js";
import type { RefusedRow } from "../corpus/refused-rows.js";

/** What comes back and what arrives is as the row says. @param version of the Caddy that is there */
export async function tryRow(
  row: CorpusRow,
  { prepare, takeSeen }: UpgradeBench,
  version: string,
): Promise<void> {
  if (row.since !== undefined && compareVersions(version, row.since) < 0) return;
  await withFolder(async (folder) => {
    const file = join(folder, row.whole?.startsWith('{\n "apps') ? "caddy.json" : "Caddyfile");
    writeFileSync(file, configText(row));
    const prepared = await prepare({ kind: "file", file }, { path: row.path ?? null });
    const { path = null, serverName = null } = prepared.webSocket ?? {};
    const running = await prepared.start(never);
    try {
      takeSeen();
      const asked = path ?? "/";
      const got = await upgrade(running, asked, serverName ?? "127.0.0.1", row.status === null ? 700 : 6000);
      const seen = takeSeen();
      assert.equal(got.status, row.status, running.log().join("\n"));
      if (got.status === 101) assert.equal(seen?.url, row.arrives ?? asked);
      if (row.symptom?.kind === "upgrade-lost") assert.notEqual(seen, null, "the backend has to see it");
      got.close();
    } finally {
      await running.stop();
    }
  });
}

/** In Caddy's words, with the user's line, and with a meaning. */
export async function tryRefused(
  { text, words, says }: RefusedRow,
  { prepare }: UpgradeBench,
): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, "Caddyfile");
    writeFileSync(file, text);
    await assert.rejects(prepare({ kind: "file", file }), (thrown) => {
      assert.ok(thrown instanceof ConfigRefusedError, String(thrown));
      assert.match(thrown.message, words);
      const told = caddyDriver.explainRefusal(thrown);
      assert.match(`${told?.cause}\n${told?.cure}`, says);
      return true;
    });
  });
}
