import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import type { Finding } from "#wsrally/diagnosis/finding.js";
import { envoyDriver } from "#wsrally/proxy/envoy/driver.js";
import { type CorpusRow, corpus } from "./corpus-rows.js";
import { corpusFile } from "./support/corpus-file.js";

/** Read and explained, without the program. */
function checkRow(row: CorpusRow): void {
  const { file, path = null, symptom, says, not, finds, idleS, room, advises = [], tells } = row;
  const question = { path, serverName: null, confinedTo: null, program: null, found: () => undefined };
  const written = envoyDriver.configs?.read(corpusFile(file), question) ?? assert.fail();
  if (finds?.path !== undefined) assert.equal(written.path, finds.path);
  if (idleS !== undefined) assert.equal(written.facts.idleS.value, idleS);
  if (room !== undefined) assert.equal(written.facts.room?.value, room);
  const explanation = symptom === undefined ? null : written.explain(symptom);
  const words = explanation === null ? "" : `${explanation.cause}\n${explanation.cure}`;
  if (says !== undefined) assert.match(words, says);
  if (not !== undefined) assert.doesNotMatch(words, not);
  const told = written.advise();
  const troubles = told.filter(({ status }) => status === "fault" || status === "warning");
  assert.deepEqual(
    troubles.map(({ id }) => id),
    advises,
  );
  if (tells !== undefined) assert.match(told.map(wordsOf).join("\n"), tells);
}

function wordsOf({ title, evidence, cause, cure }: Finding): string {
  return [title, ...evidence, cause, cure].join("\n");
}

describe("Envoy's corpus, as it is read", () => {
  it("has a row for every config, and a config for every row", () => {
    const files = readdirSync(corpusFile("."), { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? `${entry.name}/envoy.yaml` : entry.name,
    );
    assert.deepEqual(files.sort(), corpus.map(({ file }) => file).sort());
    assert.ok(files.length >= 60);
  });
  for (const row of corpus) if (row.refused === undefined) it(row.file, () => checkRow(row));
});
