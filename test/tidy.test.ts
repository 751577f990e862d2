/**
 * Reads the source and holds it to the house: imports go down the list, one idea a file, named exports only.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, it } from "node:test";

/** Top first: a folder may import only from those after it. `cli` stands for src/cli.ts. */
const house = [
  "cli",
  "commands",
  "report",
  "judge",
  "results",
  "trial",
  "probe",
  "proxy",
  "backend",
  "load",
  "websocket",
  "linux",
  "stats",
  "scenario",
  "diagnosis",
  "base",
];

/** Packages that one file alone may know. */
const owners: Readonly<Record<string, string>> = {
  "hdr-histogram-js": "base/latency-histogram.ts",
  asciichart: "report/chart.ts",
  "csv-stringify/sync": "report/csv-report.ts",
  xmlbuilder2: "report/junit-report.ts",
  koffi: "linux/linux-layer.ts",
  piscina: "load/generator-pool.ts",
  selfsigned: "proxy/run-certificate.ts",
  uplot: "report/html/page/create-plot.ts",
};

interface SourceFile {
  /** Below src/. */
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
  .map((path) => {
    const text = readFileSync(join("src", path), "utf8");
    const imports = [
      ...text.matchAll(/^(?:import|export)\s[^;]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gms),
    ].map((match) => match[1] ?? match[2] ?? "");
    return {
      path,
      folder: path.includes("/") ? (path.split("/")[0] ?? "") : basename(path, ".ts"),
      text,
      imports,
    };
  });

function folderOf(from: string, specifier: string): string {
  return join(dirname(from), specifier).split("/")[0] ?? "";
}

describe("the house", () => {
  it("has only the folders of the list", () => {
    assert.ok(files.length > 50);
    assert.deepEqual(
      files.filter(({ folder }) => !house.includes(folder)).map(({ path }) => path),
      [],
    );
  });

  it("has imports that go down the list only, and none between load and backend", () => {
    const up = files.flatMap(({ path, folder, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => folderOf(path, specifier))
        .filter((target) => target !== folder)
        .filter(
          (target) =>
            house.indexOf(target) < house.indexOf(folder) || (folder === "backend" && target === "load"),
        )
        .map((target) => `${path} imports from ${target}/`),
    );
    assert.deepEqual(up, []);
  });

  it("knows each wrapped package in one file", () => {
    const strays = files.flatMap(({ path, imports }) =>
      imports
        .filter((name) => owners[name] !== undefined && owners[name] !== path)
        .map((name) => `${path}: ${name}`),
    );
    assert.deepEqual(strays, []);
  });

  it("has no file beyond 250 lines", () => {
    const long = files.filter(({ text }) => text.split("\n").length > 251).map(({ path }) => path);
    assert.deepEqual(long, []);
  });

  it("has no default export, no index.ts, no export *, no utils, and kebab-case names", () => {
    const faults = files
      .filter(
        ({ path, text }) =>
          /^export default|^export \*/m.test(text) ||
          !/^[a-z0-9-]+\.ts$/.test(basename(path)) ||
          /^(index|utils?|helpers?|misc|common)\.ts$/.test(basename(path)),
      )
      .map(({ path }) => path);
    assert.deepEqual(faults, []);
  });

  it("opens every file with what it is for", () => {
    const mute = files.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text)).map(({ path }) => path);
    assert.deepEqual(mute, []);
  });

  it("exports nothing that nobody imports", () => {
    const tests = readdirSync("test", { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => readFileSync(join("test", path), "utf8"))
      .concat(readFileSync("tools/write-schemas.js", "utf8"));
    const unused = files.flatMap(({ path, text }) =>
      [...text.matchAll(/^export (?:async )?(?:function\*?|const|class|abstract class) (\w+)/gm)]
        .map((match) => match[1] ?? "")
        .filter((name) => {
          const word = new RegExp(`\\b${name}\\b`);
          const isUsed = files.some((other) => other.path !== path && word.test(other.text));
          return !isUsed && !tests.some((test) => word.test(test)) && path !== "load/worker.ts";
        })
        .map((name) => `${path}: ${name}`),
    );
    assert.deepEqual(unused, []);
  });

  it("makes folders by makeFolder alone: Node's recursive mkdir may go round for ever", () => {
    const strays = files
      .filter(({ path, text }) => path !== "base/make-folder.ts" && /mkdir(Sync)?\([^;]*recursive/.test(text))
      .map(({ path }) => path);
    assert.deepEqual(strays, []);
  });

  it("names no path of a machine and no package registry, and its lockfile no download address", () => {
    const shipped = [...files.map(({ text }) => text), readFileSync("README.md", "utf8")].join("\n");
    assert.doesNotMatch(shipped, /registry\.npmjs|pypi\.org|pythonhosted|\/work\/|\/root\//);
    assert.doesNotMatch(readFileSync("package-lock.json", "utf8"), /"resolved": "http/);
  });
});
