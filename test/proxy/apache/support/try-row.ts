/**
 * A config of the corpus, held against a real Apache.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { apacheDriver } from "#wsrally/proxy/apache/driver.js";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { withFolder } from "../../../support/with-folder.js";
import { never, type UpgradeBench, upgrade } from "../../support/upgrade-bench.js";
import type { CorpusRow } from "../corpus/corpus-row.js";
import type { RefusedRow } from "../corpus/refused-rows.js";
import { writeRow } from "./write-row.js";

/** What comes back and what arrives is as the row says, and what the log says is explained alike; a gate takes it too. */
export async function tryRow(row: CorpusRow, { prepare, takeSeen }: UpgradeBench): Promise<void> {
  await withFolder(async (folder) => {
    const file = writeRow(row, folder);
    const source = { kind: "file", file } as const;
    const confined = prepare(source, { confinedTo: [{ path: folder, tracked: null }], access: "opened" });
    if (row.confined === undefined) await confined;
    else await assert.rejects(confined, row.confined);
    const prepared = await prepare(source, { path: row.path ?? null, access: "opened" });
    const { path, serverName } = { path: "/", serverName: null, ...prepared.webSocket };
    const running = await prepared.start(never);
    try {
      takeSeen();
      const asked = path ?? "/";
      const got = await upgrade(running, asked, serverName ?? "127.0.0.1", row.status === null ? 700 : 6000);
      const seen = takeSeen();
      assert.equal(got.status, row.status, running.log().join("\n"));
      if (got.status === 101) assert.equal(seen?.url, row.arrives ?? asked);
      assert.equal(seen === null, got.status !== 101 && got.status !== 426, "what comes to the backend");
      got.close();
      if (got.status === null || got.status === 101 || seen !== null || row.says === undefined) return;
      const log = running.log().map((line) => apacheDriver.readLogLine(line));
      const location = /^location: (\S+)/im.exec(got.head)?.[1] ?? null;
      const explained = prepared.config?.explain({
        kind: "answered-early",
        status: got.status,
        location,
        bodyStart: "",
        log,
      });
      assert.match(`${explained?.cause}\n${explained?.cure}`, row.says);
    } finally {
      await running.stop();
    }
  });
}

/** In Apache's words, with the user's line, and with a meaning. */
export async function tryRefused(
  { text, words, says }: RefusedRow,
  { prepare }: UpgradeBench,
): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, "site.conf");
    writeFileSync(file, text);
    await assert.rejects(prepare({ kind: "file", file }), (thrown) => {
      assert.ok(thrown instanceof ConfigRefusedError, String(thrown));
      assert.match(thrown.message, words);
      const told = apacheDriver.explainRefusal(thrown);
      assert.match(`${told?.cause}\n${told?.cure}`, says);
      return true;
    });
  });
}
