import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ForetoldLimit, LimitName } from "#wsrally/diagnosis/limit.js";
import { foretellArms } from "#wsrally/trial/foretell-arms.js";
import { foretellLimits } from "#wsrally/trial/foretell-limits.js";
import { overStreams } from "#wsrally/trial/limits-over-streams.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

function limitOf(name: LimitName, foretold: number | null): ForetoldLimit {
  const words = { directive: "d", note: "n", provenBy: [], admission: null };
  return { name, unit: "connections", foretold, ...words };
}

const rows: readonly (readonly [name: LimitName, foretold: number | null, over: number | null])[] = [
  ["maxconn", 1000, 100_000],
  ["listen-backlog", 4096, 409_600],
  ["generator-ports", 28_000, 2_800_000],
  ["upstream-ports", 28_000, 28_000],
  ["circuit-breaker", 1024, 1024],
  ["memory", 5000, 5000],
  // A file and a hundredth where there were two.
  ["proxy-descriptors", 10_100, 20_000],
  ["maxconn", null, null],
];

describe("over HTTP/2, a hundred WebSockets a connection", () => {
  for (const [name, foretold, over] of rows)
    it(`${name} of ${foretold} is one of ${over}`, () => {
      const limit = limitOf(name, foretold);
      assert.equal(overStreams(limit, { streams: 100, filesPerConnection: 2 }).foretold, over);
      assert.deepEqual(overStreams(limit, { streams: 1, filesPerConnection: 2 }), limit);
    });

  it("a proxy's own count of streams is what its limits are told by", async () => {
    const limits = {
      maxOpenFiles: 20_000,
      ephemeralPorts: 28_000,
      listenBacklog: 4096,
      availableBytes: null,
    };
    const portsOf = async (arm: string, http: 1 | 2): Promise<number | null | undefined> => {
      const scenario = resolveAsWritten({ arms: [arm] }, { name: "t", overrides: { http } });
      const [foretold] = await foretellArms(scenario, limits);
      assert.ok(foretold !== undefined);
      return foretellLimits({ arm: foretold, limits }).find(({ name }) => name === "generator-ports")
        ?.foretold;
    };
    const once = (await portsOf("haproxy", 1)) ?? 0;
    assert.deepEqual([await portsOf("haproxy", 2), await portsOf("apache", 2)], [100 * once, 6 * once]);
  });
});
