/**
 * The reader of imports, on sources of a few lines.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findCircles, importGraph, importsOf, reachOf } from "./import-graph.js";

describe("importsOf()", () => {
  const rows: readonly {
    readonly text: string;
    readonly specifier: string;
    readonly isType: boolean;
    readonly isLazy?: true;
  }[] = [
    { text: `import { a } from "./a.js";`, specifier: "./a.js", isType: false },
    { text: `import type { a } from "./a.js";`, specifier: "./a.js", isType: true },
    { text: `import { type a, type b } from "./a.js";`, specifier: "./a.js", isType: true },
    { text: `import { type a, b } from "./a.js";`, specifier: "./a.js", isType: false },
    { text: `import {\n  a,\n  b,\n} from "./a.js";`, specifier: "./a.js", isType: false },
    { text: `export { a } from "./a.js";`, specifier: "./a.js", isType: false },
    { text: `const a = await import("./a.js");`, specifier: "./a.js", isType: false, isLazy: true },
    { text: `import "./a.js";`, specifier: "./a.js", isType: false },
  ];
  for (const { text, ...wanted } of rows) {
    it(JSON.stringify(text), () => assert.deepEqual(importsOf(text), [{ isLazy: false, ...wanted }]));
  }
});

describe("the import graph", () => {
  const sources = [
    { path: "x/a.ts", text: `import { b } from "../y/b.js";` },
    { path: "y/b.ts", text: `import type { c } from "./c.js";\nimport { z } from "zod";` },
    { path: "y/c.ts", text: `import { a } from "../x/a.js";` },
    { path: "y/d.ts", text: `import { b } from "./b.js";` },
  ];

  it("finds a circle that is one by types alone", () => {
    const graph = importGraph(sources, { kept: "all" });
    assert.deepEqual(findCircles(graph), ["x/a.ts > y/b.ts > y/c.ts > x/a.ts"]);
  });

  it("finds none where types are left out, and tells what is loaded", () => {
    const graph = importGraph(sources, { kept: "loaded" });
    assert.deepEqual(findCircles(graph), []);
    assert.deepEqual([...reachOf(graph, "y/d.ts")], ["y/d.ts", "y/b.ts"]);
  });
});
