/** A config of the corpus, started by Envoy or refused by it, and what is said of it held to its row. */
import assert from "node:assert/strict";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { envoyDriver } from "#wsrally/proxy/envoy/driver.js";
import { explainRefusal } from "#wsrally/proxy/envoy/explain/explain-refusal.js";
import { eventually } from "../../support/proxy-bench.js";
import { never, type UpgradeBench, upgrade } from "../../support/upgrade-bench.js";
import type { CorpusRow } from "../corpus-rows.js";
import { corpusFile } from "./corpus-file.js";

/** Longer than any of them takes to answer, and as long as a hang is waited for. */
const answerMs = 1500;

/** What the row says of the real program is so, and what its own log says is explained alike. */
export async function tryRow(row: CorpusRow, { prepare, takeSeen }: UpgradeBench): Promise<void> {
  const { file, path: asked = null, answers, arrives, says, not } = row;
  const source = { kind: "file", file: corpusFile(file) } as const;
  const prepared = await prepare(source, { path: asked });
  const running = await prepared.start(never);
  try {
    const { path, serverName } = { path: "/", serverName: null, ...prepared.webSocket };
    takeSeen();
    const got = await upgrade(running, path ?? "/", serverName ?? "127.0.0.1", answerMs);
    const seen = takeSeen();
    assert.equal(got.status ?? got.how, answers, running.log().join("\n"));
    if (answers === 101) assert.equal(seen?.url, arrives ?? path);
    else assert.equal(seen, null, "nothing came to the backend");
    got.close();
    if (answers === 101 || got.how === "closed") return;
    if (got.status !== null) assert.ok(await eventually(() => running.diary().lines.length > 0));
    const log = running.diary().lines.map((line) => envoyDriver.readLogLine(line));
    const location = /^location: (\S+)/im.exec(got.head)?.[1] ?? null;
    const explained = prepared.config?.explain(
      got.status === null
        ? { kind: "unanswered", how: "timeout", log }
        : { kind: "answered-early", status: got.status, location, bodyStart: "", log },
    );
    const words = `${explained?.cause}\n${explained?.cure}`;
    // A place that a test of the row's own symptom names is the same here, but for where a redirect leads.
    if (says !== undefined && location === null) assert.match(words, says);
    if (not !== undefined) assert.doesNotMatch(words, not);
  } finally {
    await running.stop();
  }
}

/** It is refused in Envoy's words, and they are explained. */
export async function tryRefused(
  { file, refused, says }: CorpusRow,
  { prepare }: UpgradeBench,
): Promise<void> {
  const source = { kind: "file", file: corpusFile(file) } as const;
  const thrown: unknown = await prepare(source).catch((one: unknown) => one);
  assert.ok(thrown instanceof Error && refused !== undefined);
  assert.match(thrown.message, refused);
  if (says === undefined) return;
  assert.ok(thrown instanceof ConfigRefusedError);
  const { cause, cure } = explainRefusal(thrown.words);
  assert.match(`${cause}\n${cure}`, says);
}
