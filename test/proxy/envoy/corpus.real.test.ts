import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConfigRefusedError } from "#wsrally/proxy/config-refused-error.js";
import { envoyDriver } from "#wsrally/proxy/envoy/driver.js";
import { explainRefusal } from "#wsrally/proxy/envoy/explain/explain-refusal.js";
import { eventually } from "../support/proxy-bench.js";
import { never, type UpgradeBench, upgrade, withUpgrades } from "../support/upgrade-bench.js";
import { type CorpusRow, corpus } from "./corpus-rows.js";
import { corpusFile } from "./support/corpus-file.js";

/** Longer than any of them takes to answer, and as long as a hang is waited for. */
const answerMs = 1500;

/** What the row says of the real program is so, and what its own log says is explained alike. */
async function checkAnswer(row: CorpusRow, { prepare, takeSeen }: UpgradeBench): Promise<void> {
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

describe("Envoy's corpus, as it runs", () => {
  it("answers as its rows say", async (test) => {
    await withUpgrades(envoyDriver, async (bench) => {
      for (const row of corpus)
        if (row.answers !== undefined) await test.test(row.file, () => checkAnswer(row, bench));
    });
  });

  it("is refused in Envoy's words, told of the user's own lines", async (test) => {
    await withUpgrades(envoyDriver, async ({ prepare }) => {
      for (const { file, refused, says } of corpus) {
        if (refused === undefined) continue;
        await test.test(file, async () => {
          const source = { kind: "file", file: corpusFile(file) } as const;
          const thrown: unknown = await prepare(source).catch((one: unknown) => one);
          assert.ok(thrown instanceof Error);
          assert.match(thrown.message, refused);
          if (says === undefined) return;
          assert.ok(thrown instanceof ConfigRefusedError);
          const { cause, cure } = explainRefusal(thrown.words);
          assert.match(`${cause}\n${cure}`, says);
        });
      }
    });
  });
});

describe("limits of a config", () => {
  for (const [file, how] of [
    ["room-connections.yaml", "timeout"],
    ["room-requests.yaml", 503],
    ["connection-limit.yaml", "closed"],
    ["rate-limit.yaml", 429],
  ] as const) {
    it(`lets one in with ${file}, and then ${how}`, async () => {
      await withUpgrades(envoyDriver, async ({ prepare }) => {
        const running = await (await prepare({ kind: "file", file: corpusFile(file) })).start(never);
        let first = await upgrade(running, "/", "127.0.0.1");
        // The connection by which it was found to be ready may count for a moment.
        for (let tries = 0; file === "connection-limit.yaml" && first.status !== 101 && tries < 20; tries++)
          first = await upgrade(running, "/", "127.0.0.1");
        const second = await upgrade(running, "/", "127.0.0.1", 500);
        const end = second.how === "reset" ? "closed" : second.how;
        assert.deepEqual([first.status, second.status ?? end], [101, how], running.log().join("\n"));
        first.close();
        second.close();
        await running.stop();
      });
    });
  }
});
