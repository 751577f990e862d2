/** A config of the corpus, taken by a gate or refused with its place, as its row says. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { UserFacingError } from "#wsrally/base/errors.js";
import type { UpgradeBench } from "../../support/upgrade-bench.js";
import type { CorpusRow } from "../corpus-rows.js";
import { corpusFile } from "./haproxy-bench.js";

export async function prepareAsGate(
  { file, refused, confined }: CorpusRow,
  { prepare }: UpgradeBench,
): Promise<void> {
  const source = { kind: "file", file: corpusFile(`${file}.cfg`) } as const;
  const wanted = confined ?? refused;
  const preparing = prepare(source, {
    confinedTo: [{ path: dirname(source.file), tracked: null }],
    access: "opened",
  });
  if (wanted === undefined) await preparing;
  else
    await assert.rejects(
      preparing,
      (thrown) => thrown instanceof UserFacingError && wanted.test(thrown.message),
    );
}
