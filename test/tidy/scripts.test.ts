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

/** Names in braces that the script takes from the program's modules, and that these do not export. */
function missingNames(script: string): readonly string[] {
  const text = readFileSync(script, "utf8");
  return [...text.matchAll(/import \{([^}]*)\} from "([^"]*\/build\/[^"]*)"/g)].flatMap(
    ([, names = "", path = ""]) => {
      const file = normalize(join(dirname(script), path)).replace(/^build\/(.*)js$/, "src/$1ts");
      const source = readFileSync(file, "utf8");
      const wanted = names.split(",").map((name) => name.trim().split(" as ")[0] ?? "");
      return wanted
        .filter((name) => name !== "")
        .filter(
          (name) =>
            !new RegExp(`^export (?:\\w+ )*${name}\\b|^export \\{[^}]*\\b${name}\\b`, "m").test(source),
        )
        .map((name) => `${script}: ${name} of ${file}`);
    },
  );
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

  it("take by name what its modules export", () => {
    assert.deepEqual(scripts.flatMap(missingNames), []);
  });
});
