/**
 * What runs leave behind for later ones: the history and stored baselines, in a repository of its
 * own. Short runs are real; a history as long as no test could measure is made from the schema's types.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { HistoryDocument } from "#wsrally/results/history-document.js";
import type { HistoryEntry } from "#wsrally/results/history-entry.js";
import { addToHistory } from "#wsrally/results/history-folder.js";
import { historyEntry, madeHistory, ratioOf } from "../judge/made-history.js";
import { equivalentDocument } from "../report/run-documents.js";
import { assertDocument } from "../support/assert-document.js";
import type { CliResult } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { createScratchRepository } from "../support/scratch-repository.js";
import { withFolder } from "../support/with-folder.js";

const variables = { LC_ALL: "C.UTF-8", GITHUB_SHA: "", CI_COMMIT_SHA: "" };

/** Runs wsrally in a folder. */
const wsrally = (cwd: string, args: readonly string[], env = {}): Promise<CliResult> =>
  runHere(args, { cwd, env: { ...variables, ...env } });

function succeeded({ code, stderr, stdout }: CliResult): string {
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Two arms under a load so small that a trial is over at once. */
const short = (blocks: number): string[] => [
  ...["compare", "nginx", "off=nginx", "--set", "proxy_buffering=off", "--blocks", String(blocks)],
  ...["--connections", "10", "--rate", "2000", "--duration", "0.1", "--warmup", "0"],
];

function store(out: string, entries: readonly HistoryEntry[]): void {
  for (const entry of entries) addToHistory(out, entry);
}

const history = async (cwd: string, ...args: readonly string[]): Promise<HistoryDocument> => {
  const document = JSON.parse(succeeded(await wsrally(cwd, ["history", "--json", ...args])));
  assertDocument("history", document);
  return document;
};

describe("real runs over two commits", () => {
  it("enter the history with their commits, and a stored one plans the next", {
    timeout: 120_000,
  }, async () => {
    await withFolder(async (folder) => {
      const repository = createScratchRepository(folder);
      writeFileSync(join(folder, ".gitignore"), "results/*\n!results/baselines/\n!results/history/\n");
      const first = repository.commitAll("first");
      // More than a verdict needs: a busy machine puts some out of the comparison.
      const document = JSON.parse(
        succeeded(await wsrally(folder, [...short(12), "--tag", "before", "--json"])),
      );
      assertDocument("run", document);
      assert.deepEqual(document.environment.git, { commit: first, dirty: false, branch: "main" });

      const saved = await wsrally(folder, ["baseline", "save", document.runId, "--name", "before", "--json"]);
      const baseline = JSON.parse(succeeded(saved));
      assertDocument("baseline", baseline);
      const file = readFileSync(join(folder, "results/baselines/before.json"), "utf8");
      assert.deepEqual(JSON.parse(file), baseline);
      assert.doesNotMatch(file, /"[^"]*\/(tmp|usr|etc|home|var)\//);

      const second = repository.commitAll("second, with the first's history and baseline");
      assert.match(
        repository.git("ls-files"),
        /results\/baselines\/before\.json\nresults\/history\/nginx-vs-off\/.*\.json/,
      );
      writeFileSync(join(folder, ".gitignore"), "results/*\n");
      const again = await wsrally(folder, short(1));
      assert.match(succeeded(again), /^More: wsrally report /m);
      assert.match(again.stderr, /By the stored baseline before \(.*-nginx-vs-off-/);

      const { runs, series, leftOut } = await history(folder);
      assert.deepEqual(
        runs.map(({ commit }) => commit),
        [
          { sha: first, dirty: false, branch: "main" },
          { sha: second, dirty: true, branch: "main" },
        ],
      );
      const tagged = await history(folder, "--tag", "before");
      assert.deepEqual(
        tagged.runs.map(({ runId, tags }) => [runId, tags]),
        [[document.runId, ["before"]]],
      );
      const untagged = await wsrally(folder, ["history", "--tag", "befroe"]);
      assert.match(untagged.stderr, /has the tag befroe \(did you mean before\?\): want before/);
      assert.deepEqual(
        leftOut.map(({ runId, code }) => [runId, code]),
        [[runs[1]?.runId, "too-few-blocks"]],
      );
      const cpu = series.find(({ metric }) => metric === "cpuUsPerMessage");
      const compared = document.comparisons.find(
        (one: { metric: string }) => one.metric === "cpuUsPerMessage",
      );
      assert.equal(cpu?.points[0]?.blocks, compared.blocks, JSON.stringify(leftOut));
      assert.ok(Math.abs((cpu?.points[0]?.ratio ?? 0) / compared.ratio - 1) < 1e-5);

      const other = file.replace(/"cpuModel": .*/, '"cpuModel": "Intel 8086",');
      writeFileSync(join(folder, "results/baselines/before.json"), other);
      const shown = succeeded(await wsrally(folder, ["baseline", "show", "before"]));
      assert.match(
        shown.replace(/\s+/g, " "),
        /Not used for runs here, for it is of another machine: processor Intel 8086 there/,
      );
      const refused = await wsrally(folder, short(1));
      assert.match(
        refused.stderr,
        /Stored baseline before is of another machine.*: processor Intel 8086 there/,
      );
      assert.doesNotMatch(refused.stderr, /By the stored baseline/);
    });
  });
});

describe("wsrally history", () => {
  it("draws the ratios, marks the change, and says since which commit", async () => {
    await withFolder(async (folder) => {
      const entries = madeHistory(42, (run) => (run < 24 ? 0.02 : 0.1));
      store(join(folder, "results"), entries);
      const text = succeeded(await wsrally(folder, ["history", "site"]));
      assert.match(text, /^site: 42 runs, 2026-01-03 to 2026-02-13\n/);
      assert.match(text, /\n +▲\n/);
      const words = text.replace(/\s+/g, " ");
      const [before, since] = [23, 24].map((run) => entries[run]?.commit?.sha.slice(0, 9));
      assert.match(
        words,
        new RegExp(
          `▲ up \\d\\.\\d %, from 1\\.0\\d\\dx to 1\\.\\d+x, since ${since} \\(2026-01-27 09:30, run`,
        ),
      );
      assert.match(words, new RegExp(`${before} was the last before it`));
      assert.doesNotMatch(text, /\b(worse|better|failed)\b/);
      const written = await wsrally(folder, ["history", "--format", "html", "-o", "history.html"]);
      assert.equal(succeeded(written), "");
      assert.match(
        readFileSync(join(folder, "history.html"), "utf8"),
        /^<!doctype html>[\s\S]*<svg class="history"/,
      );
      const plain = succeeded(await wsrally(folder, ["history"], { LC_ALL: "C", NO_COLOR: "1" }));
      assert.doesNotMatch(plain, /[^\n\x20-\x7e]/);
    });
  });

  it("merges what two branches added without a conflict, and knows each run once", async () => {
    await withFolder(async (folder) => {
      const repository = createScratchRepository(folder);
      const out = join(folder, "results");
      const [common, ours, theirs] = [
        [0, 1],
        [2, 4],
        [3, 5],
      ].map((runs) => runs.map((run) => historyEntry(run)));
      store(out, common ?? []);
      repository.commitAll("common");
      repository.git("checkout", "-q", "-b", "feature");
      store(out, theirs ?? []);
      repository.commitAll("theirs");
      repository.git("checkout", "-q", "main");
      store(out, ours ?? []);
      repository.commitAll("ours");
      repository.git("merge", "-q", "--no-edit", "feature");
      assert.deepEqual(
        (await history(folder)).runs.map(({ runId }) => runId),
        [0, 1, 2, 3, 4, 5].map((run) => historyEntry(run).runId),
      );
    });
  });

  it("imports a copy of a history and run folders, new ones only", async () => {
    await withFolder(async (folder) => {
      const [here, there] = [join(folder, "results"), join(folder, "artifact", "results")];
      store(here, [historyEntry(0), historyEntry(1)]);
      store(there, [historyEntry(1), historyEntry(2)]);
      const run = { ...equivalentDocument, runId: "a-run" };
      mkdirSync(join(there, "a-run"), { recursive: true });
      writeFileSync(join(there, "a-run", "run.json"), JSON.stringify(run));
      writeFileSync(join(there, "notes.json"), "{");
      const imported = await wsrally(folder, ["history", "--import", "artifact"]);
      assert.match(
        imported.stderr,
        /^Imported 2 of 3 runs into results\/history; the others were known\.\n$/,
      );
      assert.match(succeeded(imported), /scenario +runs +newest\n +nginx-buffering +1 .*\n +site +3 /);
      assert.equal((await history(folder, "site")).runs.length, 3);
      const again = await wsrally(folder, ["history", "--import", "artifact"]);
      assert.match(again.stderr, /^Imported 0 of 3/);
      // A folder that was copied by hand under other names holds the same runs.
      const site = join(here, "history", "site");
      cpSync(join(site, readdirSync(site)[0] ?? ""), join(site, "copy.json"));
      assert.equal((await history(folder, "site")).runs.length, 3);
    });
  });

  it("takes nothing from an artifact that would name a file elsewhere", async () => {
    await withFolder(async (folder) => {
      const artifact = join(folder, "artifact");
      mkdirSync(artifact);
      for (const [i, names] of [{ runId: "../../../evil" }, { scenario: "../../evil" }].entries()) {
        writeFileSync(join(artifact, `${i}.json`), JSON.stringify({ ...historyEntry(0), ...names }));
      }
      const { code, stderr } = await wsrally(folder, ["history", "--import", "artifact"]);
      assert.equal(code, 2);
      assert.match(stderr, /holds no history/);
      assert.ok(!existsSync(join(folder, "results")) && !existsSync(join(folder, "evil")));
    });
  });

  it("leaves out a file that git could not merge, with the reason", async () => {
    await withFolder(async (folder) => {
      store(join(folder, "results"), [historyEntry(0), historyEntry(1)]);
      writeFileSync(join(folder, "results/history/site/bad.json"), "<<<<<<< HEAD\n");
      const { runs, warnings } = await history(folder);
      assert.equal(runs.length, 2);
      assert.match(warnings[0]?.message ?? "", /Left out: .*bad\.json: .*JSON/s);
    });
  });

  for (const metric of ["wire.p50", "roundTrip.p50"] as const) {
    it(`takes p50 for ${metric} where that is what the runs have`, async () => {
      await withFolder(async (folder) => {
        const ratios = [ratioOf({ metric })];
        store(join(folder, "results"), [historyEntry(0, { ratios }), historyEntry(1, { ratios })]);
        const { series } = await history(folder, "--metric", "p50");
        assert.deepEqual(
          series.map((one) => one.metric),
          [metric],
        );
      });
    });
  }

  it("confines itself to a branch, and says what there is when it has none", async () => {
    await withFolder(async (folder) => {
      const elsewhere = { commit: { sha: "d".repeat(40), dirty: false, branch: "feature\u001b[31m" } };
      store(join(folder, "results"), [historyEntry(0), historyEntry(1, elsewhere)]);
      assert.equal((await history(folder, "--branch", "main")).runs.length, 1);
      const rows: readonly (readonly [args: readonly string[], says: RegExp])[] = [
        [["--branch", "old"], /No run of site is of the branch old: want main, feature\\x1b\[31m/],
        [["--ref", "x"], /Cannot pin x as the reference of site: want an arm .*: reference, site/],
        [["--metric", "p98"], /Unknown --metric p98: want one of p50/],
        [["--metric", "throughputPerS"], /no run of it with enough blocks has that metric/],
        [["other"], /no history of other in results\/history: want one of site/],
      ];
      for (const [args, says] of rows) {
        const { code, stdout, stderr } = await wsrally(folder, ["history", ...args]);
        assert.deepEqual([code, stdout], [2, ""], args.join(" "));
        assert.match(stderr, says);
      }
    });
  });
});

describe("wsrally baseline", () => {
  it("keeps a name for one run unless it is told to replace it, and lists what there is", async () => {
    await withFolder(async (folder) => {
      const out = join(folder, "results");
      for (const [runId, status] of [
        ["one", "complete"],
        ["two", "complete"],
        ["half", "interrupted"],
      ]) {
        mkdirSync(join(out, runId ?? ""), { recursive: true });
        writeFileSync(
          join(out, runId ?? "", "run.json"),
          JSON.stringify({ ...equivalentDocument, runId, status }),
        );
      }
      const save = (...args: readonly string[]) => wsrally(folder, ["baseline", "save", ...args]);
      succeeded(await save("one"));
      succeeded(await save("one"));
      const taken = await save("two");
      assert.equal(taken.code, 2);
      assert.match(
        taken.stderr,
        /Cannot save the baseline nginx-buffering: .* holds the run one; want another --name, or --replace/,
      );
      succeeded(await save("two", "--replace"));
      succeeded(await save("one", "--name", "first"));
      assert.match((await save("half")).stderr, /it is interrupted; want a run that finished/);
      assert.match(
        (await save("one", "--name", "../x")).stderr,
        /Cannot save the baseline \.\.\/x: want 1 to 64 letters/,
      );
      const list = succeeded(await wsrally(folder, ["baseline", "list"]));
      assert.match(list, /name +scenario .*\n +first +nginx-buffering .*another machine\n +nginx-buffering /);
      const { baselines } = JSON.parse(succeeded(await wsrally(folder, ["baseline", "list", "--json"])));
      assert.deepEqual(
        baselines.map((one: { name: string; runId: string }) => [one.name, one.runId]),
        [
          ["first", "one"],
          ["nginx-buffering", "two"],
        ],
      );
      const shown = succeeded(await wsrally(folder, ["baseline", "show", "first"]));
      assert.match(shown, /^Baseline first\n {2}Run one of nginx-buffering/);
      assert.match(shown, /to show it +to prove equal/);
    });
  });

  it("is let through by the project's own .gitignore, and nothing else of results/ is", () => {
    const rules = readFileSync(".gitignore", "utf8");
    assert.match(rules, /^results\/\*\n!results\/baselines\/$/m);
  });
});
