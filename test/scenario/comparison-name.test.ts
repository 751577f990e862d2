import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { comparisonName } from "#wsrally/scenario/comparison-name.js";

const named = (...names: string[]): string => comparisonName(names.map((name) => ({ name })));

describe("comparisonName()", () => {
  it("is of the arms, in their order", () => {
    assert.equal(named("nginx-old", "nginx-new"), "nginx-old-vs-nginx-new");
    assert.notEqual(named("a", "b"), named("b", "a"));
  });

  it("is a file's name whatever they are called, and tells apart what is cut or replaced", () => {
    const hard = ["x".repeat(90), "x".repeat(91), "../../etc", "a b", "a/b", "-", "日本", ".", ""];
    const names = hard.flatMap((one) => hard.map((other) => named(one, other)));
    for (const name of names) assert.match(name, /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, name);
    assert.equal(new Set(names).size, names.length);
  });
});
