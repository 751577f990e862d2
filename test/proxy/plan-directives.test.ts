import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { drivers } from "#wsrally/proxy/drivers.js";
import { workersLine } from "#wsrally/scenario/proxy-kind.js";

const load = { connections: 100_000, workers: 4, ephemeralPorts: 28_232, config: null };

for (const { kind, plan } of Object.values(drivers)) {
  if (plan === null) continue;
  describe(`a plan's directives of ${kind}`, () => {
    const lines = plan(load).map(({ text }) => text);

    it("name the number of workers", () => {
      // A child of Apache has 20,000 threads at most: it takes more of them.
      const setting = kind === "apache" ? /^ServerLimit ([4-9]|\d{2,})$/ : startOf(workersLine[kind](4));
      const found = lines.filter((line) => setting.test(line));
      assert.equal(found.length, 1, lines.join("\n"));
    });

    it("leave room for both sides of every connection", () => {
      const numbers = lines.flatMap((line) =>
        [...line.matchAll(/\d{4,}/g)].map(([digits]) => Number(digits)),
      );
      const files = Math.max(...numbers);
      // A process's own where it is one for all, a worker's share of them where each has its own.
      assert.ok(files >= (2 * load.connections) / 4 && files < 3 * load.connections, lines.join("\n"));
    });
  });
}

it("a plan says when one address has too few ports", () => {
  for (const kind of ["nginx", "haproxy"] as const) {
    const told = (ephemeralPorts: number | null): string =>
      drivers[kind]
        .plan?.({ ...load, ephemeralPorts })
        .map(({ text }) => text)
        .join("\n") ?? "";
    assert.match(told(28_232), /4 (?:local )?addresses/);
    assert.doesNotMatch(told(200_000), /addresses/);
    assert.doesNotMatch(told(null), /addresses/);
  }
});

function startOf(setting: string): RegExp {
  return new RegExp(`^${setting}`);
}
