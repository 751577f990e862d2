/**
 * A config of the corpus, held against a real Traefik.
 */
import assert from "node:assert/strict";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { compareVersions } from "#wsrally/proxy/program/program-spec.js";
import { traefikDriver } from "#wsrally/proxy/traefik/driver.js";
import { withFolder } from "../../../support/with-folder.js";
import { never, type UpgradeBench, upgrade } from "../../support/upgrade-bench.js";
import type { CorpusRow } from "../corpus/corpus-row.js";
import type { RefusedRow } from "../corpus/refused-rows.js";
import { layFiles } from "./lay-files.js";

/** What comes back and what arrives is as the row says, and is explained by what is seen. @param version of the Traefik that is there */
export async function tryRow(
  row: CorpusRow,
  { prepare, takeSeen }: UpgradeBench,
  version: string,
): Promise<void> {
  const { answers, arrives, symptom, says, since } = row;
  if (answers === undefined || (since !== undefined && compareVersions(version, since) < 0)) return;
  await withFolder(async (folder) => {
    const file = layFiles(folder, row.files);
    const prepared = await prepare({ kind: "file", file }, { path: row.path ?? null });
    const { path, serverName } = { path: "/", serverName: null, ...prepared.webSocket };
    const running = await prepared.start(never);
    try {
      takeSeen();
      const got = await upgrade(running, path ?? "/", serverName ?? "127.0.0.1");
      const seen = takeSeen();
      assert.equal(got.status, answers, running.log().join("\n"));
      if (answers === 101) assert.equal(seen?.url, arrives ?? path);
      else assert.equal(seen === null, symptom?.kind !== "upgrade-lost");
      got.close();
      if (answers === 101 || says === undefined || symptom !== undefined) return;
      const log = running.diary().lines.map((line) => traefikDriver.readLogLine(line));
      const location = /^location: (\S+)/im.exec(got.head)?.[1] ?? null;
      const told = prepared.config?.explain({
        kind: "answered-early",
        status: answers,
        location,
        bodyStart: "",
        log,
      });
      assert.match(`${told?.cause}\n${told?.cure}`.replaceAll(`${folder}/`, ""), says);
    } finally {
      await running.stop();
    }
  });
}

/** In Traefik's words, with the user's line, and with a meaning; by wsrally where it has none. */
export async function tryRefused(
  { files, words, says }: RefusedRow,
  { prepare }: UpgradeBench,
): Promise<void> {
  await withFolder(async (folder) => {
    await assert.rejects(prepare({ kind: "file", file: layFiles(folder, files) }), (thrown) => {
      assert.ok(thrown instanceof Error);
      assert.match(thrown.message.replaceAll(`${folder}/`, ""), words);
      if (says === undefined) return true;
      assert.ok(thrown instanceof ConfigRefusedError, String(thrown));
      const told = traefikDriver.explainRefusal(thrown);
      assert.match(`${told?.cause}\n${told?.cure}`, says);
      return true;
    });
  });
}
