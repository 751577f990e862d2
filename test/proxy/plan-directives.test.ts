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
      const setting = workersLine[kind](4);
      assert.ok(
        lines.some((line) => line.startsWith(setting)),
        lines.join("\n"),
      );
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
