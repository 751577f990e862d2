/**
 * Holds the tests to what their file names promise, and property tests to the one seed.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { importsOf } from "./import-graph.js";
import { brokenPromises, strayNames, type TestSource } from "./test-lanes.js";

/** `ws` is used there for its frame reader and writer, which open no socket. */
const socketless = "websocket/support/ws-parts.ts";
const seeded = "support/seeded-fast-check.ts";

function readAll(folder: string): TestSource[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ path, text: readFileSync(join(folder, path), "utf8") }));
}

describe("the tests", () => {
  const tests = readAll("test");
  const launchers = readAll("src")
    .filter(({ text }) =>
      importsOf(text).some(
        ({ specifier, isType }) => !isType && /^node:(?:child_process|worker_threads)$/.test(specifier),
      ),
    )
    .map(({ path }) => `#wsrally/${path.replace(/\.ts$/, ".js")}`);

  it("have no word in their names but their lanes'", () => assert.deepEqual(strayNames(tests), []));

  it("that share a process start none, no thread, and open no socket: what does is a *.real.test.ts", () => {
    assert.ok(launchers.length > 5);
    const broken = brokenPromises(tests, new Set(launchers));
    assert.deepEqual(
      broken.filter((promise) => !promise.endsWith(`: ws by ${socketless}`)),
      [],
    );
  });

  it("take fast-check from where it has the seed", () => {
    const strays = tests
      .filter(({ path }) => path !== seeded)
      .filter(({ text }) => importsOf(text).some(({ specifier }) => specifier === "fast-check"))
      .map(({ path }) => path);
    assert.deepEqual(strays, []);
  });
});

describe("brokenPromises()", () => {
  const bench = { path: "support/bench.ts", text: `import { createServer } from "node:net";` };
  const byBench = `import { bench } from "../support/bench.js";`;
  const rows: readonly { readonly path: string; readonly text: string; readonly says: string[] }[] = [
    { path: "a/b.test.ts", text: byBench, says: ["a/b.test.ts: node:net by support/bench.ts"] },
    {
      path: "a/b.test.ts",
      text: `import { spawn } from "node:child_process";`,
      says: ["a/b.test.ts: node:child_process"],
    },
    {
      path: "a/b.test.ts",
      text: `import { start } from "#wsrally/start.js";`,
      says: ["a/b.test.ts: #wsrally/start.js"],
    },
    { path: "a/b.test.ts", text: `import type { Server } from "node:net";`, says: [] },
    { path: "a/b.test.ts", text: `import { parse } from "#wsrally/parse.js";`, says: [] },
    { path: "a/b.real.test.ts", text: byBench, says: [] },
    { path: "a/b.alone.test.ts", text: byBench, says: [] },
  ];
  for (const { path, text, says } of rows) {
    it(`${path}: ${text}`, () =>
      assert.deepEqual(brokenPromises([bench, { path, text }], new Set(["#wsrally/start.js"])), says));
  }
});

describe("strayNames()", () => {
  const named = (path: string): TestSource => ({ path, text: "" });
  it("lets four kinds of names pass, and whatever is no test", () => {
    const right = ["a/b.test.ts", "a/b.real.test.ts", "b.alone.test.ts", "a/b-c.nightly.test.ts", "a/B_c.ts"];
    assert.deepEqual(strayNames(right.map(named)), []);
  });

  it("tells of any other word", () => {
    assert.deepEqual(strayNames(["a/b.slow.test.ts", "a/b.real.alone.test.ts"].map(named)), [
      "a/b.slow.test.ts",
      "a/b.real.alone.test.ts",
    ]);
  });
});
