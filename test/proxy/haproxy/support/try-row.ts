/** A config of the corpus, adopted, started, asked, and what is said of it held to its row. */
import assert from "node:assert/strict";
import { UserFacingError } from "#wsrally/base/errors.js";
import type { Finding } from "#wsrally/diagnosis/finding.js";
import type { Symptom } from "#wsrally/diagnosis/symptom.js";
import type { WrittenConfig } from "#wsrally/diagnosis/written-config.js";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { haproxyDriver } from "#wsrally/proxy/haproxy/driver.js";
import { explainRefusal } from "#wsrally/proxy/haproxy/explain/explain-refusal.js";
import type { PreparedProxy, RunningProxy } from "#wsrally/proxy/proxy.js";
import { never, type Seen, type UpgradeBench, type Upgraded, upgrade } from "../../support/upgrade-bench.js";
import type { CorpusRow } from "../corpus-rows.js";
import { corpusFile } from "./haproxy-bench.js";

/** As a probe would have it, from what came back and what arrived. */
function symptomOf(got: Upgraded, seen: Seen | null, path: string, running: RunningProxy): Symptom | null {
  const log = running.diary().lines.map((line) => haproxyDriver.readLogLine(line));
  if (got.status === null)
    return { kind: "unanswered", how: got.how === "answered" ? "closed" : got.how, log };
  if (seen === null) {
    const location = /^location: (\S+)/im.exec(got.head)?.[1] ?? null;
    return { kind: "answered-early", status: got.status, location, bodyStart: "", log };
  }
  if (seen.url === path) return null;
  const change = { path: { wanted: path, arrived: seen.url }, lost: [], gained: [] };
  return { kind: "path-changed", sent: path, arrived: seen.url, change };
}

/** What the row says of the real program is so, and what is said of it. */
export async function tryRow(row: CorpusRow, { prepare, takeSeen }: UpgradeBench): Promise<void> {
  const file = corpusFile(`${row.file}.cfg`);
  let prepared: PreparedProxy;
  try {
    prepared = await prepare({ kind: "file", file }, { path: row.path ?? null });
  } catch (thrown) {
    assert.ok(thrown instanceof UserFacingError && row.refused !== undefined, String(thrown));
    assert.match(thrown.message, row.refused);
    if (row.says !== undefined && thrown instanceof ConfigRefusedError)
      assert.match(words(explainRefusal(thrown.words)), row.says);
    return;
  }
  assert.equal(row.refused, undefined, "it was not refused");
  const { serverName, path } = { serverName: null, path: "/sock", ...prepared.webSocket };
  if (row.changes !== undefined) assert.match(prepared.changes.join("\n"), row.changes);
  if (prepared.tls) return;
  const running = await prepared.start(never);
  try {
    takeSeen();
    const got = await upgrade(running, path ?? "/sock", serverName ?? "127.0.0.1");
    const seen = takeSeen();
    if (row.status !== undefined) assert.equal(got.status, row.status, running.log().join("\n"));
    if (got.status === 101) assert.equal(seen?.url, row.arrives ?? path);
    checkWords(row, prepared, symptomOf(got, seen, path ?? "/sock", running));
    got.close();
  } finally {
    await running.stop();
  }
}

/** Of the config as its user wrote it, and as it runs. */
function checkWords(row: CorpusRow, { config, webSocket }: PreparedProxy, seen: Symptom | null): void {
  const question = {
    path: row.path ?? null,
    serverName: webSocket?.serverName ?? null,
    confinedTo: null,
    program: null,
    found: () => undefined,
  };
  const asWritten = haproxyDriver.configs?.read?.(corpusFile(`${row.file}.cfg`), question) ?? null;
  assert.ok(config !== null && asWritten !== null);
  const symptom = row.symptom ?? seen;
  const explanation = symptom === null ? null : config.explain(symptom);
  if (row.says !== undefined) assert.match(words(explanation), row.says);
  if (row.not !== undefined) assert.doesNotMatch(words(explanation), row.not);
  checkFacts(row, config);
  checkFacts(row, asWritten);
  const troubles = asWritten.advise().filter(({ status }) => status === "fault" || status === "warning");
  const unexpected = troubles.filter(({ id }) => !(row.advises ?? []).includes(id));
  assert.deepEqual(unexpected, []);
  if (row.tells !== undefined) assert.match(asWritten.advise().map(told).join("\n"), row.tells);
  for (const id of row.advises ?? [])
    assert.ok(
      asWritten.advise().some((one) => one.id === id),
      `advises ${id}`,
    );
}

function checkFacts({ idleS, room }: CorpusRow, { facts }: WrittenConfig): void {
  if (idleS !== undefined) assert.equal(facts.idleS.value, idleS);
  if (room !== undefined) assert.equal(facts.room?.value ?? null, room);
}

function told({ title, evidence, cause, cure }: Finding): string {
  return [title, ...evidence, cause, cure].join("\n");
}

function words(explanation: { cause: string; cure: string } | null): string {
  return explanation === null ? "" : `${explanation.cause}\n${explanation.cure}`;
}
