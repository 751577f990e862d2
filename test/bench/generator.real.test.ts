/** The bench's generator process, as its parts start it, against a backend of ours: what they read of it is there. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { engines } from "../support/engines.js";
import { withPongServer } from "../support/with-pong-server.js";

const run = promisify(execFile);
const connections = 4;

type Figures = Readonly<Record<string, unknown>>;

/** @param job of bench/support/generator.js, but for port and connections */
async function figuresOf(job: object): Promise<Figures> {
  let figures: Figures = {};
  await withPongServer({}, async ({ port }) => {
    const given = JSON.stringify({ port, connections, warmupMs: 20, windowMs: 60, ...job });
    const { stdout } = await run(process.execPath, ["--expose-gc", "bench/support/generator.js", given]);
    figures = JSON.parse(stdout);
  });
  return figures;
}

describe("the bench's generator", () => {
  for (const engine of engines)
    it(`tells round trips and what they cost, with ${engine}`, async () => {
      const { opened, openingCpuUs, roundTrips, userUs, systemUs, windowS } = await figuresOf({ engine });
      assert.equal(opened, connections);
      assert.ok(Number(openingCpuUs) > 0, `${openingCpuUs}`);
      assert.ok(Number(roundTrips) > 0 && Number(windowS) > 0, `${roundTrips} in ${windowS} s`);
      // Its window is as long as this takes.
      assert.ok(Number(userUs) + Number(systemUs) >= 60_000, `${userUs} + ${systemUs}`);
    });

  it("tells the memory of connections that are open", async () => {
    const { opened, anonymousBytes } = await figuresOf({ engine: engines.at(-1), until: "open" });
    assert.equal(opened, connections);
    assert.ok(Number(anonymousBytes) > 1e6, `${anonymousBytes}`);
  });

  it("tells the times of an open loop", async () => {
    const job = { engine: engines.at(-1), until: "report", ratePerS: 1000, warmupMs: 0, windowMs: 100 };
    const { held, failures, latencyNs } = await figuresOf(job);
    assert.deepEqual([held, failures], [connections, []]);
    const { roundTrip } = latencyNs as Readonly<Record<string, Readonly<Record<string, number>>>>;
    assert.equal(roundTrip?.count, 100);
    assert.ok((roundTrip.p50 ?? 0) > 0, JSON.stringify(roundTrip));
  });
});
