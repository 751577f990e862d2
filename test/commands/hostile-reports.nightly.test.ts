/**
 * Results are a stranger's too: an artifact, a branch. Whatever stands in their folder, `report`, `history` and `baseline` end
 * with 0 or 2, soon, within 500 MB, stop when they are told to, and tell nothing of the files that links lead to.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { toBaseline } from "#wsrally/judge/history/to-baseline.js";
import { writeBaseline } from "#wsrally/results/baseline-folder.js";
import { addToHistory } from "#wsrally/results/history-folder.js";
import { historyArm, historyEntry, ratioOf } from "../judge/made-history.js";
import { equivalentDocument } from "../report/run-documents.js";
import {
  hostileRuns,
  longRuns,
  makeGoodRun,
  makeSparse,
  secret,
  secretPath,
} from "../support/hostile-results.js";
import { type CliResult, runCli, startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { faultsOf, withResults } from "./hostile-rendering.js";

const mostMiB = 500;

/** What the built program says and takes. */
async function measured(
  out: string,
  args: readonly string[],
): Promise<CliResult & { readonly peakMiB: number }> {
  const file = join(out, "..", "usage");
  const result = await runCli([...args, "--out", out], {
    env: { NODE_OPTIONS: `--import ${resolve("dist-test/support/note-usage.js")}`, WSRALLY_USAGE: file },
  });
  return { ...result, peakMiB: Number(readFileSync(file, "utf8")) };
}

function tellsNothing({ stdout, stderr }: CliResult): void {
  assert.ok(!stdout.includes(secret) && !stderr.includes(secret), `${stdout}${stderr}`);
}

describe("report of a hostile run", () => {
  it("ends with 0 or 2 in every format, soon, and shows nothing of other files", async () => {
    await withResults(async (out) => {
      // The long ones are rendered in one format each below, and in every format by night.
      const some = hostileRuns.filter(({ kind }) => !longRuns.includes(kind));
      assert.deepEqual(await faultsOf(out, some), []);
    });
  });

  for (const [kind, format, ends] of [
    ["document-many-arms", "html", 0],
    ["document-many-trials", "json", 0],
    ["document-million-faults", "terminal", 2],
    ["on.hlog-link-to-zero", "terminal", 2],
  ] as const) {
    it(`takes less than ${mostMiB} MB for ${kind} as ${format}`, { timeout: 60_000 }, async () => {
      await withResults(async (out) => {
        const { make } = hostileRuns.find((one) => one.kind === kind) ?? assert.fail(kind);
        makeGoodRun(join(out, kind));
        make(join(out, kind));
        const { code, peakMiB } = await measured(out, [
          "report",
          kind,
          "--format",
          format,
          "-o",
          join(out, "o"),
        ]);
        assert.equal(code, ends);
        assert.ok(peakMiB < mostMiB, `${peakMiB} MiB`);
      });
    });
  }

  it("stops at once when it is told to", { timeout: 60_000 }, async () => {
    await withResults(async (out) => {
      const { make } = hostileRuns.find(({ kind }) => kind === "document-many-trials") ?? assert.fail();
      makeGoodRun(join(out, "a-run"));
      make(join(out, "a-run"));
      const { child, result } = startCli(["report", "a-run", "a-run", "--format", "csv", "--out", out]);
      // By now it is reading, which leaves it no time for anything else.
      await sleep(1000);
      child.kill("SIGTERM");
      assert.deepEqual([(await result).code, child.signalCode], [null, "SIGTERM"]);
    });
  });

  for (const path of ["/dev/zero", "../../../etc", "x\u0000y", "y".repeat(100_000), "/proc/self/environ"]) {
    it(`refuses ${JSON.stringify(path.slice(0, 20))}`, async () => {
      await withResults(async (out) => {
        if (path.includes("\u0000") || path.length > 99_999) {
          const { readRun } = await import("#wsrally/results/read-run.js");
          assert.throws(() => readRun(path, out), /Cannot find a run at/);
          return;
        }
        const { code, stderr } = await runHere(["report", path, "--out", out]);
        assert.equal(code, 2, stderr);
      });
    });
  }
});

/** Puts things into a folder of JSON files, beside what is there. */
function putHostileFiles(out: string, folder: string, good: object): readonly string[] {
  const at = (name: string): string => join(folder, `${name}.json`);
  symlinkSync(secretPath(out), at("link"));
  symlinkSync("/dev/zero", at("zero"));
  symlinkSync("nowhere", at("dangling"));
  execFileSync("mkfifo", [at("pipe")]);
  mkdirSync(at("folder"));
  makeSparse(at("sparse"));
  const texts: Readonly<Record<string, string>> = {
    brackets: "[".repeat(200_000),
    words: `${secret}\n`,
    array: "[]",
    empty: "",
    version: '{"schemaVersion":"1"}',
    infinite: JSON.stringify(good).replace(/"blocks":\d+/, '"blocks":1e999'),
    ratio: JSON.stringify(good).replace(/"se":[\d.]+/, '"se":1e308'),
    deep: JSON.stringify(good).replace('"connections":1000', `"x":${"[".repeat(50)}${"]".repeat(50)}`),
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(at(name), text);
  return ["link", "zero", "dangling", "pipe", "folder", "sparse", ...Object.keys(texts)];
}

const odd = [
  "__proto__",
  "constructor",
  "../..",
  "a\u0000b",
  "\u001b[31m\u202e",
  "<script>alert(1)</script>",
  "x".repeat(100_000),
];

describe("history of a hostile folder", () => {
  it("leaves out what is no entry, a reason each", async () => {
    await withResults(async (out) => {
      for (const day of [0, 1]) addToHistory(out, historyEntry(day));
      const names = putHostileFiles(out, join(out, "history", "site"), historyEntry(2));
      symlinkSync("/", join(out, "history", "elsewhere"));
      const { peakMiB, ...result } = await measured(out, ["history", "site", "--json"]);
      assert.equal(result.code, 0, result.stderr);
      tellsNothing(result);
      assert.ok(peakMiB < mostMiB, `${peakMiB} MiB`);
      const { runs, warnings } = JSON.parse(result.stdout);
      assert.equal(runs.length, 2);
      for (const name of names) {
        assert.ok(
          warnings.some(({ message }: { message: string }) => message.includes(`/${name}.json: `)),
          name,
        );
      }
      assert.equal(warnings.length, names.length);
      const list = await runHere(["history", "elsewhere", "--out", out]);
      assert.deepEqual([list.code, list.stdout], [2, ""]);
      assert.match(list.stderr, /There is no history of elsewhere/);
    });
  });

  it("shows odd names, long ones and vast ratios in every format", async () => {
    await withResults(async (out) => {
      const arms = [historyArm("reference"), ...odd.map((name) => historyArm(name))];
      const ratios = odd.map((arm, i) => ratioOf({ arm, logRatio: [100, -100, 0][i % 3] ?? 0, se: 100 }));
      for (const day of [0, 1]) addToHistory(out, historyEntry(day, { arms, ratios }));
      for (const format of ["terminal", "html", "json"]) {
        const { code, stdout, stderr } = await runHere([
          "history",
          "--full",
          "--format",
          format,
          "--out",
          out,
        ]);
        assert.equal(code, 0, stderr);
        assert.ok(!stdout.includes("\u202e") && !stdout.includes("\u001b[31m"), format);
        assert.ok(format !== "html" || !stdout.includes("<script>alert"));
        assert.doesNotMatch(stdout, /\bNaN\b/);
      }
    });
  });

  it("of thousands of runs takes the newest", { timeout: 60_000 }, async () => {
    await withResults(async (out) => {
      for (let day = 0; day < 2050; day++) addToHistory(out, historyEntry(day));
      const { code, stdout, peakMiB } = await measured(out, ["history", "--json"]);
      assert.equal(code, 0);
      const { runs, warnings } = JSON.parse(stdout);
      assert.equal(runs.length, 2000);
      assert.equal(runs.at(-1).runId, historyEntry(2049).runId);
      assert.match(warnings[0].message, /50 files/);
      assert.ok(peakMiB < mostMiB, `${peakMiB} MiB`);
    });
  });

  it("that is a link is neither read nor written", async () => {
    await withResults(async (out) => {
      const elsewhere = join(out, "..", "elsewhere");
      mkdirSync(elsewhere);
      symlinkSync(elsewhere, join(out, "history"));
      const shown = await runHere(["history", "--out", out]);
      assert.deepEqual([shown.code, shown.stdout], [2, ""]);
      assert.match(shown.stderr, /it is a link; want the folder itself/);
      assert.throws(() => addToHistory(out, historyEntry(0)), /is a link/);
      assert.deepEqual(readdirSync(elsewhere), []);
    });
  });

  it("is imported from a folder of such files as far as there are runs", async () => {
    await withResults(async (out) => {
      const artifact = join(out, "..", "artifact");
      addToHistory(artifact, historyEntry(0));
      putHostileFiles(out, join(artifact, "history", "site"), historyEntry(2));
      makeGoodRun(join(artifact, "a-run"));
      symlinkSync(artifact, join(artifact, "again"));
      const { peakMiB, ...result } = await measured(out, ["history", "--import", artifact]);
      assert.equal(result.code, 0, result.stderr);
      tellsNothing(result);
      assert.match(result.stderr, /Imported 2 of 2 runs/);
      assert.ok(peakMiB < mostMiB, `${peakMiB} MiB`);
    });
  });
});

describe("baselines of a hostile folder", () => {
  const baseline = toBaseline(equivalentDocument, "good");

  it("are listed without what is none, and none is read that a name leads to elsewhere", async () => {
    await withResults(async (out) => {
      writeBaseline(out, baseline, { replace: false });
      const names = putHostileFiles(out, join(out, "baselines"), baseline);
      const { peakMiB, ...list } = await measured(out, ["baseline", "list", "--json"]);
      assert.equal(list.code, 0, list.stderr);
      tellsNothing(list);
      assert.ok(peakMiB < mostMiB, `${peakMiB} MiB`);
      const { baselines, warnings } = JSON.parse(list.stdout);
      assert.deepEqual([baselines.length, warnings.length], [1, names.length]);
      for (const name of [
        "link",
        "zero",
        "pipe",
        "folder",
        "../../secret",
        "__proto__",
        "../baselines/good",
      ]) {
        const shown = await runHere(["baseline", "show", name, "--out", out]);
        assert.deepEqual([shown.code, shown.stdout], [2, ""], name);
        tellsNothing(shown);
      }
    });
  });

  it("are written over no file that a link leads to", async () => {
    await withResults(async (out) => {
      makeGoodRun(join(out, "a-run"));
      const folder = join(out, "baselines");
      mkdirSync(folder);
      const victim = join(out, "..", "victim");
      writeFileSync(victim, "untouched");
      for (const name of ["good.json", "good.json.part"]) symlinkSync(victim, join(folder, name));
      const save = ["baseline", "save", "a-run", "--name", "good", "--out", out];
      assert.equal((await runHere(save)).code, 2);
      assert.equal((await runHere([...save, "--replace"])).code, 0);
      assert.equal(readFileSync(victim, "utf8"), "untouched");
      assert.equal(JSON.parse(readFileSync(join(folder, "good.json"), "utf8")).name, "good");
    });
  });

  it("in a folder that is a link are neither read nor written", async () => {
    await withResults(async (out) => {
      makeGoodRun(join(out, "a-run"));
      const elsewhere = join(out, "..", "elsewhere");
      mkdirSync(elsewhere);
      symlinkSync(elsewhere, join(out, "baselines"));
      for (const args of [["list"], ["show", "x"], ["save", "a-run"]]) {
        const { code, stderr } = await runHere(["baseline", ...args, "--out", out]);
        assert.match(stderr, /is a link; want the folder itself/);
        assert.ok(code === 2 || code === 3, `${code}`);
      }
      assert.deepEqual(readdirSync(elsewhere), []);
      assert.ok(!existsSync(join(out, "baselines", "x.json")));
    });
  });
});
