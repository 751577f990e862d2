import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { withTags } from "#wsrally/results/build-document.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { equivalentDocument, failuresDocument, worseDocument } from "../report/run-documents.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

/** Stores documents as runs, each in a folder of its name. */
function store(folder: string, documents: Readonly<Record<string, RunDocument>>): void {
  for (const [name, document] of Object.entries(documents)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "run.json"), JSON.stringify({ ...document, runId: name }));
  }
}

const report = (folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runHere(["report", "--out", folder, ...args], { env: { LC_ALL: "C.UTF-8", ...env } });

describe("wsrally report", () => {
  it("writes every format, to stdout or to a file", async () => {
    await withFolder(async (folder) => {
      store(folder, { worse: worseDocument });
      const starts = {
        terminal: /^tls is worse/,
        json: /^\{\n/,
        markdown: /^### wsrally/,
        junit: /^<\?xml/,
        csv: /^run,/,
      };
      await Promise.all(
        Object.entries(starts).map(async ([format, start]) => {
          const printed = await report(folder, ["worse", "--format", format]);
          assert.equal(printed.code, 0, printed.stderr);
          assert.match(printed.stdout, start);
          const file = join(folder, `report.${format}`);
          const written = await report(folder, ["worse", "--format", format, "-o", file], {
            FORCE_COLOR: "1",
          });
          assert.deepEqual([written.code, written.stdout], [0, ""]);
          assert.equal(readFileSync(file, "utf8"), printed.stdout);
        }),
      );
    });
  });

  it("takes the start of an id, its name, its end, a tag, or latest, and lists what there is", async () => {
    await withFolder(async (folder) => {
      const ids = [
        "2026-01-01T10-00-00-smoke-aaaa",
        "2026-01-02T10-00-00-site-bbbb",
        "2026-01-02T11-00-00-site-cccc",
      ];
      store(folder, Object.fromEntries(ids.map((id) => [id, worseDocument])));
      const shown = async (name: string): Promise<string> =>
        (JSON.parse((await report(folder, [name, "--json"])).stdout) as RunDocument).runId;
      for (const [name, id] of [
        ["latest", ids[2]],
        ["2026-01-01", ids[0]],
        ["smoke", ids[0]],
        ["bbbb", ids[1]],
      ] as const)
        assert.equal(await shown(name), id, name);
      const unclear = await report(folder, ["site"]);
      assert.equal(unclear.code, 2);
      assert.match(
        unclear.stderr,
        new RegExp(`which run site is: it stands for ${ids[2]}, ${ids[1]}; want more`),
      );
      const list = await report(folder, []);
      assert.deepEqual(
        list.stdout.split("\n").slice(0, 3),
        [...ids].reverse().map((id) => `run    ${id}`),
      );
      assert.equal(JSON.parse((await report(folder, ["--json"])).stdout).length, 3);
      const tagged = withTags({ ...worseDocument, runId: ids[0] ?? "" }, ["before-http3", "ci"]);
      writeFileSync(join(folder, ids[0] ?? "", "run.json"), JSON.stringify(tagged, null, 2));
      assert.equal(await shown("before-http3"), ids[0]);
      assert.match((await report(folder, [])).stdout, /-smoke-aaaa {2}before-http3, ci\n/);
    });
  });

  it("draws with ASCII where the locale is not UTF-8, and lets nothing through that a terminal would obey", async () => {
    await withFolder(async (folder) => {
      store(folder, { bad: failuresDocument });
      const { stdout } = await report(folder, ["bad", "--full"], { LC_ALL: "C", NO_COLOR: "1" });
      assert.doesNotMatch(stdout, /[^\n\x20-\x7e]/);
      assert.match(stdout, /\\x1b\[31mworker_connections/);
    });
  });

  it("sets runs side by side through the arm that they share, in every order, and says that they were not interleaved", async () => {
    await withFolder(async (folder) => {
      const faster = {
        ...equivalentDocument,
        environment: { ...equivalentDocument.environment, kernel: "6.9.9" },
      };
      store(folder, { monday: equivalentDocument, tuesday: faster });
      const { code, stdout } = await report(folder, ["monday", "tuesday"]);
      assert.equal(code, 0);
      assert.match(stdout, /^These runs were not interleaved/);
      assert.match(stdout, /\n {2}round trip p50 +1\.00x +1\.00x +1\.\d+x +1\.\d+-1\.\d+\n/);
      assert.match(stdout, /\n {2}system +Linux 6\.1\.0-31-amd64 x64 +Linux 6\.9\.9 x64\n/);
      assert.doesNotMatch(stdout, /\b(worse|better|equivalent)\b/);
      const json = JSON.parse((await report(folder, ["monday", "tuesday", "--json"])).stdout);
      assert.equal(json.links[0].links[0].shared.new, "on");
      const csv = await report(folder, ["monday", "tuesday", "--format", "csv"]);
      assert.match(csv.stdout, /\r\ntuesday,/);
    });
  });

  it("refuses runs that share no config, with the reason, and a format that is of one run", async () => {
    await withFolder(async (folder) => {
      const arms = equivalentDocument.arms.map((arm) => ({
        ...arm,
        proxy: { ...arm.proxy, configSha256: "00" },
      }));
      store(folder, { a: equivalentDocument, b: { ...equivalentDocument, arms } });
      const refused = await report(folder, ["a", "b"]);
      assert.deepEqual([refused.code, refused.stdout], [2, ""]);
      assert.match(refused.stderr, /Cannot link b to a: they share no arm with the same config/);
      const format = await report(folder, ["a", "a", "--format", "junit"]);
      assert.equal(format.code, 2);
      assert.match(format.stderr, /--format junit is of one run: want terminal, json or csv/);
    });
  });
});
