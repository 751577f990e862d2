import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";

/** Of an interface, that need a value. */
function membersOf(file: string, name: string): string[] {
  const text = readFileSync(file, "utf8");
  const body = new RegExp(`^export interface ${name} (?:extends .*)?\\{\\n([\\s\\S]*?)^\\}`, "m").exec(
    text,
  )?.[1];
  assert.ok(body !== undefined, `${file} has no interface ${name}`);
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[:(]/gm)].map(([, member = ""]) => member);
}

describe("the skeleton of a driver", () => {
  for (const [file, name, template] of [
    ["src/proxy/driver.ts", "ProxyDriver", "src/driver.ts.txt"],
    ["test/proxy/support/contract-fixture.ts", "ContractFixture", "test/contract-fixture.ts.txt"],
    ["src/proxy/instance/start-instance.ts", "StartSpec", "src/run/start-KIND.ts.txt"],
    ["src/proxy/program/program-spec.ts", "ProgramSpec", "src/run/KIND-program.ts.txt"],
  ] as const) {
    it(`has every member of ${name}`, () => {
      const text = readFileSync(`tools/new-proxy/${template}`, "utf8");
      const members = membersOf(file, name);
      assert.ok(members.length > 3, members.join());
      assert.deepEqual(
        members.filter((member) => !new RegExp(`^ +${member}[,:(]`, "m").test(text)),
        [],
        "`npm run new-proxy` would write what does not compile",
      );
    });
  }
});
