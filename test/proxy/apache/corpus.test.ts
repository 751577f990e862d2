import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Finding } from "#wsrally/diagnosis/finding.js";
import type { Symptom } from "#wsrally/diagnosis/symptom.js";
import { apacheDriver } from "#wsrally/proxy/apache/driver.js";
import { withFolder } from "../../support/with-folder.js";
import type { CorpusRow } from "./corpus/corpus-row.js";
import { faultRows } from "./corpus/fault-rows.js";
import { goodRows } from "./corpus/good-rows.js";
import { refusedRows } from "./corpus/refused-rows.js";
import { writeRow } from "./support/write-row.js";

/** As a probe would have it. */
function symptomOf({ status, symptom }: CorpusRow): Symptom | null {
  if (symptom !== undefined) return symptom;
  if (status === 101) return null;
  if (status === 426) return { kind: "upgrade-lost", upgrade: null, connection: null };
  return status === null
    ? { kind: "unanswered", how: "timeout", log: [] }
    : { kind: "answered-early", status, location: null, bodyStart: "", log: [] };
}

/** Read and explained, without the program. */
async function checkRow(row: CorpusRow): Promise<void> {
  const { path = null, says, idleS, room, advises = [], tells, version = "2.4.71" } = row;
  await withFolder(async (folder) => {
    const program = { version, build: "" };
    const question = { path, serverName: null, confinedTo: null, program, found: () => undefined };
    const written = apacheDriver.configs?.read(writeRow(row, folder), question) ?? assert.fail();
    if (idleS !== undefined) assert.equal(written.facts.idleS.value, idleS);
    if (room !== undefined) assert.equal(written.facts.room?.value ?? null, room);
    const symptom = symptomOf(row);
    const explanation = symptom === null ? null : written.explain(symptom);
    const words = explanation === null ? "" : `${explanation.cause}\n${explanation.cure}`;
    if (says !== undefined) assert.match(words, says);
    const told = written.advise();
    const troubles = told.filter(({ status }) => status === "fault" || status === "warning");
    assert.deepEqual(
      troubles.map(({ id }) => id),
      advises,
    );
    if (tells !== undefined) assert.match(told.map(wordsOf).join("\n"), tells);
  });
}

function wordsOf({ title, evidence, cause, cure }: Finding): string {
  return [title, ...evidence, cause, cure].join("\n");
}

describe("Apache's corpus, as it is read", () => {
  const rows = [...goodRows, ...faultRows];
  it("has configs enough, each under a name of its own", () => {
    const names = [...rows, ...refusedRows].map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 80, `${names.length}`);
  });
  for (const row of rows) it(row.name, () => checkRow(row));
});
