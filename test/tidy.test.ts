/**
 * Reads the source and holds it to the house: imports go down the list, one idea a file, named exports only; and the
 * documents to what is cited of them.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, it } from "node:test";
import { findCircles, importGraph, importsOf, reachOf } from "./tidy/import-graph.js";

/** Top first: a folder may import only from those after it. `cli` stands for src/cli.ts. */
const house = [
  "cli",
  "commands",
  "report",
  "judge",
  "results",
  "trial",
  "probe",
  "cluster",
  "proxy",
  "backend",
  "load",
  "line",
  "residence",
  "http2",
  "websocket",
  "linux",
  "stats",
  "scenario",
  "diagnosis",
  "base",
];

/** Which say when something was, for people, or read the clock that the kernel stamps by. */
const datedFiles: ReadonlySet<string> = new Set([
  "linux/system-clock.ts",
  "trial/run-trial.ts",
  "trial/window-readings.ts",
  "trial/soak/part-readings.ts",
  // {{now}}, which is for the server that reads it.
  "load/talk/message-text.ts",
]);

/** Packages that one file alone may know. */
const owners: Readonly<Record<string, string>> = {
  "hdr-histogram-js": "base/latency-histogram.ts",
  asciichart: "report/draw/chart.ts",
  "csv-stringify/sync": "report/ci/csv-sheet.ts",
  xmlbuilder2: "report/ci/junit-text.ts",
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
    const imports = importsOf(text).map(({ specifier }) => specifier);
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

  it("takes a library that it loads late by its default alone, for a bundle does not tell the names of CommonJS", () => {
    const late = files.filter(({ text }) =>
      /\{(?! default: \w+ \})[^{}]*\} = await import\("(?!node:)[^."]/.test(text),
    );
    assert.deepEqual(
      late.map(({ path }) => path),
      [],
    );
  });

  it("has no circle of imports, types included", () => {
    assert.deepEqual(findCircles(importGraph(files, { kept: "all" })), []);
  });

  it("shows a stored run without the machinery that measures", () => {
    const readers = [
      "commands/report.ts",
      "commands/history.ts",
      "commands/verify.ts",
      "results/read-run.ts",
    ];
    const data = ["load/failure.ts", "load/messages.ts", "trial/capacity/capacity-step.ts"];
    const measuring = ["probe", "proxy", "backend", "load", "http2", "websocket", "linux"];
    const graph = importGraph(files, { kept: "loaded" });
    const loaded = readers.flatMap((path) =>
      [...reachOf(graph, path)]
        .filter((target) => measuring.includes(target.split("/")[0] ?? "") && !data.includes(target))
        .map((target) => `${path} loads ${target}`),
    );
    assert.deepEqual(loaded, []);
  });

  it("shows help and a version without a command's own file", () => {
    const loaded = [...reachOf(importGraph(files, { kept: "loaded" }), "cli.ts")];
    assert.deepEqual(
      loaded.filter((path) => !/^(cli\.ts$|base\/|commands\/|report\/draw\/(plain|talk)-text)/.test(path)),
      [],
    );
    assert.ok(loaded.length < 20, loaded.join("\n"));
  });

  it("reaches into a proxy's own folder from drivers.ts alone", () => {
    const kinds = "nginx|haproxy|caddy|envoy|traefik|apache";
    const inside = new RegExp(`^proxy/(${kinds})/`);
    const strays = files.flatMap(({ path, imports }) =>
      imports
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => join(dirname(path), specifier))
        .filter((target) => {
          const kind = inside.exec(target)?.[1];
          return kind !== undefined && !path.startsWith(`proxy/${kind}/`) && path !== "proxy/drivers.ts";
        })
        .map((target) => `${path} imports ${target}`),
    );
    assert.deepEqual(strays, []);
  });

  it("probes without knowing a proxy by name", () => {
    const naming = files
      .filter(
        ({ folder, text }) => folder === "probe" && /nginx|haproxy|caddy|envoy|traefik|apache/i.test(text),
      )
      .map(({ path }) => path.replace("probe/", ""));
    assert.deepEqual(naming, []);
  });

  it("knows each wrapped package in one file", () => {
    const strays = files.flatMap(({ path, imports }) =>
      imports
        .filter((name) => owners[name] !== undefined && owners[name] !== path)
        .map((name) => `${path}: ${name}`),
    );
    assert.deepEqual(strays, []);
  });

  it("measures by no clock that somebody may set", () => {
    const measuring = new Set([
      "trial",
      "load",
      "backend",
      "http2",
      "websocket",
      "linux",
      "stats",
      "judge",
      "base",
    ]);
    const strays = files
      .filter(({ folder, text }) => measuring.has(folder) && /\bDate\.now\(|\bnew Date\(\)/.test(text))
      .map(({ path }) => path)
      .filter((path) => !datedFiles.has(path));
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

  it("has no file that nothing of the program reaches", () => {
    // Processes and threads of their own, the page's script, and what the build writes schemas with.
    const starts = /^cli\.ts$|-main\.ts$|^load\/worker\.ts$|\/page\/main\.ts$|^results\/json-schemas\.ts$/;
    // Being built: Envoy's configs are read before they are run.
    const unfinished = /^proxy\/envoy\//;
    const graph = importGraph(files, { kept: "all" });
    const paths = files.map(({ path }) => path);
    const reached = new Set(
      paths.filter((path) => starts.test(path)).flatMap((path) => [...reachOf(graph, path)]),
    );
    assert.deepEqual(
      paths.filter((path) => !reached.has(path) && !unfinished.test(path)),
      [],
    );
  });

  it("exports nothing that nobody imports, types included", () => {
    const toolTexts = readdirSync("tools", { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".js"))
      .map((path) => readFileSync(join("tools", path), "utf8"));
    const tests = readdirSync("test", { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => readFileSync(join("test", path), "utf8"))
      .concat(toolTexts);
    const exported = /^export (?:async )?(function\*?|const|class|abstract class|type|interface) (\w+)/gm;
    // Not held to it yet, as far as types go.
    const areTypesFree = /^(probe|proxy)\//;
    const unused = files.flatMap(({ path, text }) =>
      [...text.matchAll(exported)]
        .filter(([, kind = ""]) => !areTypesFree.test(path) || !/^(type|interface)$/.test(kind))
        .map(([, , name = ""]) => name)
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
    const told = ["docs", "man", ".github"].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(md|1|ya?ml)$/.test(name))
        .map((name) => join(folder, name)),
    );
    const roots = readdirSync(".").filter((name) => /\.(md|ya?ml)$|^Containerfile$/.test(name));
    const shipped = [
      ...files.map(({ text }) => text),
      ...[...told, ...roots].map((name) => readFileSync(name, "utf8")),
    ].join("\n");
    assert.doesNotMatch(shipped, /registry\.npmjs|pypi\.org|pythonhosted|\/work\/|\/root\//);
    assert.doesNotMatch(readFileSync("package-lock.json", "utf8"), /"resolved": "http/);
  });
});

/** Comments of a source text, each as one line of prose. */
function commentsOf(text: string): string[] {
  const comments = text.match(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ [^\n]*/gm) ?? [];
  return comments.map((comment) => comment.replace(/\n\s*\*/g, " ").replace(/\s+/g, " "));
}

/** What a citation may name of a document: its headings, and the tables that open a paragraph. */
function placesOf(document: string): string[] {
  const text = readFileSync(document, "utf8");
  return [...text.matchAll(/^#+ (.+)$|^\*\*(Table [A-Z])\b/gm)].map((match) => match[1] ?? match[2] ?? "");
}

describe("the documents", () => {
  const documents = readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);
  const sources = ["src", "bench", "tools", "test"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(ts|js)$/.test(path))
      .map((path) => join(folder, path)),
  );
  const comments = sources.flatMap((path) =>
    commentsOf(readFileSync(path, "utf8")).map((comment) => ({ path, comment })),
  );

  it("that comments name are here, and have what is cited of them", () => {
    const cited = comments.flatMap(({ path, comment }) =>
      [...comment.matchAll(/([\w./-]*\w\.md)\b(?:, ([^:;)]+))?/g)].map(([, name = "", rest = ""]) => ({
        path,
        name,
        rest,
      })),
    );
    assert.ok(cited.length > 30);
    const astray = cited.filter(({ name, rest }) => {
      if (!existsSync(name)) return true;
      const isPlace = (place: string): boolean => rest.toLowerCase().startsWith(place.toLowerCase());
      return rest !== "" && !placesOf(name).some(isPlace);
    });
    assert.deepEqual(astray, []);
  });

  it("draw the house as it is", () => {
    const rows = readFileSync("docs/architecture.md", "utf8").matchAll(/^\| `([a-z0-9]+)(?:\.ts|\/)` \|/gm);
    assert.deepEqual(
      [...rows].map(([, folder]) => folder),
      house,
    );
  });

  it("are all listed by task, and link to what is here", () => {
    const list = readFileSync("docs/README.md", "utf8");
    const unlisted = documents.filter(
      (path) =>
        dirname(path) === "docs" && path !== "docs/README.md" && !list.includes(`(${basename(path)})`),
    );
    assert.deepEqual(unlisted, []);
    const broken = [...documents, "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].flatMap(
      (path) =>
        [...readFileSync(path, "utf8").matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)]
          .map((match) => match[1] ?? "")
          .filter((target) => !existsSync(join(dirname(path), target)))
          .map((target) => `${path}: ${target}`),
    );
    assert.deepEqual(broken, []);
  });
});
