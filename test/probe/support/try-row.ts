/**
 * A config of the corpus, probed on the nginx of this machine, and held against its row.
 */
import assert from "node:assert/strict";
import { isAtLeast, speaksHttp11ByDefault } from "#wsrally/proxy/nginx/explain/nginx-versions.js";
import type { CorpusRow } from "../corpus-rows.js";
import { probeConfig } from "./probe-config.js";

/** By the version of this nginx. */
function wantedOf(row: CorpusRow, version: string): Pick<CorpusRow, "faults" | "says"> {
  const { otherwise, faultsBefore1297, faults, says } = row;
  const isOther =
    (otherwise?.from !== undefined && isAtLeast(version, otherwise.from)) ||
    (otherwise?.before !== undefined && !isAtLeast(version, otherwise.before));
  if (otherwise !== undefined && isOther) return otherwise;
  const isOld = faultsBefore1297 !== undefined && !speaksHttp11ByDefault(version);
  return isOld ? { faults: faultsBefore1297 } : { faults, ...(says === undefined ? {} : { says }) };
}

export function titleOf(row: CorpusRow): string {
  const options = [row.path, row.backendPath].filter((option) => option !== undefined).join(" ");
  return `${row.file} ${options}`;
}

/** @param version of the nginx */
export async function tryRow(row: CorpusRow, version: string): Promise<void> {
  const { findings, sent } = await probeConfig(`${row.file}.conf`, {
    path: row.path ?? null,
    backendPath: row.backendPath ?? null,
    quick: row.slow !== true,
  });
  if (row.connectionsMost !== undefined)
    assert.ok(sent.connections <= row.connectionsMost, `${sent.connections}`);
  const having = (status: string) => findings.filter((finding) => finding.status === status);
  const ids = (status: string) => having(status).map(({ id }) => id);
  const { faults, says } = wantedOf(row, version);
  assert.deepEqual([...ids("fault")].sort(), [...faults].sort(), JSON.stringify(having("fault"), null, 1));
  for (const id of row.warnings ?? [])
    assert.ok(ids("warning").includes(id), `no warning ${id}: ${ids("warning")}`);
  for (const id of row.notes ?? []) {
    const noted = having("ok").find((finding) => finding.id === id);
    assert.notEqual(noted?.cause ?? null, null, `no note ${id}`);
  }
  for (const id of row.quietNotes ?? []) {
    const said = findings.find((finding) => finding.id === id);
    assert.equal(said?.cause ?? null, null, JSON.stringify(said, null, 1));
  }
  for (const id of row.not ?? [])
    assert.ok(!ids("warning").includes(id), JSON.stringify(having("warning"), null, 1));
  for (const { id, evidence, cause, cure } of [...having("fault"), ...having("warning")]) {
    assert.ok(evidence.length > 0 && cause !== null && cure !== null, `${id} explains itself`);
  }
  for (const { title, evidence, cause, cure } of [...having("fault"), ...having("warning")]) {
    const said = [title, ...evidence, cause, cure].join("\n");
    if (row.never !== undefined) assert.doesNotMatch(said, row.never);
  }
  const first = having("fault")[0] ?? findings.find(({ id }) => id === (row.warnings ?? row.notes)?.[0]);
  if (says !== undefined && first !== undefined)
    assert.match([first.title, ...first.evidence, first.cause, first.cure].join("\n"), says);
}
