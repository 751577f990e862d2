/** The workload's keys of what the backend sends unasked, and what cannot stand beside them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import { parseScenario } from "#wsrally/scenario/parse-scenario.js";
import { resolveWorkload, workloadSchema } from "#wsrally/scenario/workload.js";
import { chat, writeHar } from "../support/recorded.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

describe("a workload with pushes", () => {
  it("says so in a map or in a flag's text, alike", () => {
    const wanted = { ratePerS: 500, bytes: 200 };
    for (const push of [{ rate: 500, size: 200 }, "rate=500,size=200", "rate=500/s,size=200B"])
      assert.deepEqual(resolveWorkload(workloadSchema.parse({ push })).push, wanted);
    assert.equal(resolveWorkload(workloadSchema.parse({ push: "rate=1" })).push?.bytes, 64);
  });

  it("has its connections send little, unless it says how much", () => {
    const loopOf = (given: object) =>
      resolveWorkload(workloadSchema.parse({ push: "rate=1", ...given })).loop;
    assert.deepEqual(loopOf({}), { kind: "open", ratePerS: 100 });
    assert.deepEqual(loopOf({ rate: 7 }), { kind: "open", ratePerS: 7 });
    assert.deepEqual(loopOf({ closed: true }), { kind: "closed" });
  });

  it("may have rooms as well", () => {
    const wanted = { room: 10, ratePerS: 20, bytes: 64 };
    for (const fanout of [{ room: 10, rate: 20 }, "room=10,rate=20"])
      assert.deepEqual(resolveWorkload(workloadSchema.parse({ fanout })).fanout, wanted);
  });

  const push = { rate: 1, size: 64 };
  const rows: readonly (readonly [unknown, RegExp])[] = [
    [{ push: "500" }, /^push: want rate and size, as in rate=500,size=200$/],
    [{ push: { rate: 1, sise: 64 } }, /^push: want rate and size/],
    [{ push: { rate: 1, size: 20 } }, /^push\.size: want a size in bytes from 64B/],
    [{ push: { size: 64 } }, /^push\.rate: want a number a second/],
    [{ fanout: { room: 1, rate: 1 } }, /^fanout\.room: want a whole number from 2/],
    [{ fanout: "rate=1,rooms=3" }, /fanout: want room, rate and size/],
    [{ push, engine: "ws" }, /^push: cannot stand beside engine ws, .*: leave engine out, or say epoll$/],
    [
      { push, deflate: true },
      /^push: cannot stand beside deflate: .* with sizes such as 20 => 1500 in place of it$/,
    ],
    [
      { push, upstream: "as-configured" },
      /^push: cannot stand beside upstream as-configured: .*\. Leave upstream out/,
    ],
  ];
  for (const [input, wanted] of rows) {
    it(`is refused: ${JSON.stringify(input)}`, () => {
      const issues = workloadSchema.safeParse(input).error?.issues ?? [];
      assert.match(issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n"), wanted);
    });
  }

  it("is refused in one line beside a recording, which has pushes of its own", () => {
    const issues = workloadSchema.safeParse({ push, replay: writeHar([chat]) }).error?.issues ?? [];
    assert.deepEqual(
      issues.map(({ message }) => message),
      ["cannot stand beside push: choose one of them"],
    );
  });

  it("is what its metrics and SLOs need", () => {
    const resolve = (text: string) =>
      resolveAsWritten(parseScenario(text, "s.yaml"), { name: "s", overrides: {} });
    const asked = "slo: push.p99 < 20ms && push.reach >= 100%\ncompare: { metrics: [push.p90] }";
    const { metrics, slos } = resolve(`workload: { push: { rate: 5 } }\narms: [direct, nginx]\n${asked}`);
    assert.deepEqual([metrics, slos.map(({ limit }) => limit)], [["push.p90"], [20_000, 1]]);
    for (const one of asked.split("\n"))
      assert.throws(
        () => resolve(`arms: [direct, nginx]\n${one}`),
        (thrown) => thrown instanceof UsageError && /push\.p9\d.*: want --push/.test(thrown.message),
      );
  });
});
