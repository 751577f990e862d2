/**
 * What the scripts of bench/ and tools/ take from the program is there: nothing compiles them, so that a file which moves
 * would leave them behind.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, it } from "node:test";

interface Taken {
  readonly script: string;
  readonly file: string;
}

function takenBy(script: string): readonly Taken[] {
  const text = readFileSync(script, "utf8");
  return [...text.matchAll(/["'`](\.{1,2}\/[^"'`\s$]*\.js)["'`]/g)].map(([, path = ""]) => ({
    script,
    file: normalize(join(dirname(script), path)),
  }));
}

/** Compiled, it lies elsewhere. */
function isThere(file: string): boolean {
  const source = file.replace(/^dist-test\//, "test/").replace(/^(build|dist)\//, "src/");
  return [file, source, source.replace(/\.js$/, ".ts")].some(existsSync);
}

describe("the scripts of bench/ and tools/", () => {
  const scripts = ["bench", "tools"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.m?js$/.test(path))
      .map((path) => join(folder, path)),
  );

  it("take from the program what is there", () => {
    const taken = scripts.flatMap(takenBy);
    assert.ok(taken.length > 50);
    assert.deepEqual(
      taken.filter(({ file }) => !isThere(file)),
      [],
    );
  });
});
