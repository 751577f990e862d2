import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Symptom } from "#wsrally/diagnosis/symptom.js";
import { traefikDriver } from "#wsrally/proxy/traefik/driver.js";
import { withFolder } from "../../support/with-folder.js";
import type { CorpusRow } from "./corpus/corpus-row.js";
import { faultRows } from "./corpus/fault-rows.js";
import { goodRows } from "./corpus/good-rows.js";
import { upstreamRows } from "./corpus/upstream-rows.js";
import { layFiles } from "./support/lay-files.js";

const corpus = [...goodRows, ...faultRows, ...upstreamRows];

/** As a probe would have it, by what comes back. */
function symptomOf({ symptom, answers = 101, logged }: CorpusRow): Symptom | null {
  const log = logged === undefined ? [] : [traefikDriver.readLogLine(logged)];
  if (symptom?.kind === "answered-early") return { ...symptom, log };
  if (symptom !== undefined || answers === 101) return symptom ?? null;
  return { kind: "answered-early", status: answers, location: null, bodyStart: "", log };
}

async function checkRow(row: CorpusRow): Promise<void> {
  await withFolder(async (folder) => {
    const file = layFiles(folder, row.files);
    const question = {
      path: row.path ?? null,
      serverName: null,
      confinedTo: null,
      program: null,
      found: () => undefined,
    };
    const config = traefikDriver.configs?.read(file, question) ?? assert.fail();
    const symptom = symptomOf(row);
    const explained = symptom === null ? null : config.explain(symptom);
    const words = explained === null ? "" : `${explained.cause}\n${explained.cure}`;
    assert.match(words.replaceAll(`${folder}/`, ""), row.says ?? /^$/);
    const told = config.advise();
    const troubles = told.filter(({ status }) => status === "fault" || status === "warning");
    assert.deepEqual(
      troubles.map(({ id }) => id),
      row.advises ?? [],
    );
    const advice = told.map(({ title, evidence, cause, cure }) =>
      [title, ...evidence, cause, cure].join("\n"),
    );
    if (row.tells !== undefined) assert.match(advice.join("\n").replaceAll(`${folder}/`, ""), row.tells);
    assert.deepEqual([config.deadEnd(), config.facts.idleS.value], [null, null]);
  });
}

describe("Traefik's corpus, read", () => {
  it("has configs enough, each by a name of its own", () => {
    const names = corpus.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(goodRows.length >= 35 && names.length >= 90, `${goodRows.length} of ${names.length}`);
  });
  for (const row of corpus) it(`says what it must of: ${row.name}`, () => checkRow(row));
});

describe("a config that leads nowhere", () => {
  const web = 'entryPoints: {web: {address: ":80"}}';
  for (const [name, text, says] of [
    [
      "routes in the file that it is started with",
      `${web}\nhttp: {routers: {a: {rule: Path(\`/\`), service: b}}}`,
      /`http` at .*:2.*passed over without a word.*providers:/s,
    ],
    ["routes of another provider", `${web}\nproviders: {docker: {}}`, /come from docker/],
    ["no routes at all", web, /no `providers\.file`.*routers:/s],
  ] as const)
    it(`is told why: ${name}`, () =>
      withFolder(async (folder) => {
        const file = layFiles(folder, { "traefik.yml": text });
        const question = {
          path: null,
          serverName: null,
          confinedTo: null,
          program: null,
          found: () => undefined,
        };
        const found = traefikDriver.configs?.read(file, question).deadEnd() ?? assert.fail();
        assert.match([...found.evidence, found.cause, found.cure].join("\n"), says);
      }));
});
