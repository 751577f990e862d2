import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Symptom } from "#wsrally/diagnosis/symptom.js";
import { caddyDriver } from "#wsrally/proxy/caddy/driver.js";
import { withFolder } from "../../support/with-folder.js";
import { type CorpusRow, configText } from "./corpus/corpus-row.js";
import { faultRows } from "./corpus/fault-rows.js";
import { goodRows } from "./corpus/good-rows.js";
import { routeRows } from "./corpus/route-rows.js";

/** As a probe would have it, by what comes back. */
function symptomOf({ symptom, status, cause }: CorpusRow): Symptom | null {
  const log = cause === undefined ? [] : [{ line: "", shown: "", cause }];
  if (symptom?.kind === "answered-early") return { ...symptom, log };
  if (symptom !== undefined) return symptom;
  if (status === null) return { kind: "unanswered", how: "timeout", log };
  return status === 101 ? null : { kind: "answered-early", status, location: null, bodyStart: "", log };
}

async function checkRow(row: CorpusRow): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, row.whole?.startsWith('{\n "apps') ? "caddy.json" : "Caddyfile");
    writeFileSync(file, configText(row));
    const question = {
      path: row.path ?? null,
      serverName: null,
      confinedTo: null,
      program: null,
      found: () => undefined,
    };
    const config = caddyDriver.configs?.read(file, question) ?? assert.fail();
    const symptom = symptomOf(row);
    const told = symptom === null ? null : config.explain(symptom);
    const words = told === null ? "" : `${told.cause}\n${told.cure}`.replaceAll(folder, "");
    assert.match(words, row.says ?? /^$/);
    assert.deepEqual(
      config.advise().flatMap(({ id, cause }) => (cause === null ? [] : [id])),
      row.advises ?? [],
    );
    assert.equal(config.deadEnd(), null);
    assert.equal(config.facts.idleS.value, row.idleS ?? null);
  });
}

describe("Caddy's corpus, read", () => {
  it("has configs enough, each by a name of its own", () => {
    const names = [...goodRows, ...routeRows, ...faultRows].map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 60, `${names.length}`);
  });
  for (const row of [...goodRows, ...routeRows, ...faultRows])
    it(`says what it must of: ${row.name}`, () => checkRow(row));
});
