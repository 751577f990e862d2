import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Finding, type FindingId, fault, findingIds, ok, warning } from "#wsrally/diagnosis/finding.js";
import { findingRegressions, type ProbedSide } from "#wsrally/judge/gate/finding-regressions.js";

const trouble = { side: "proxy", title: "broken", evidence: ["seen"], cause: "why", cure: "how" } as const;

function side(changes: Partial<Record<FindingId, Finding>>, times: Partial<ProbedSide> = {}): ProbedSide {
  const findings = findingIds.map((id) => changes[id] ?? ok(id));
  return { findings, idleS: 60, shutdownS: null, room: null, ...times };
}

const good = side({});
const told = (before: ProbedSide, after: ProbedSide): [string, string, boolean][] =>
  findingRegressions(before, after).map(({ id, status, fails }) => [id, status, fails]);

describe("findingRegressions()", () => {
  it("names what the candidate has and the baseline has not", () => {
    const rows: readonly [before: ProbedSide, after: ProbedSide, expected: [string, string, boolean][]][] = [
      [good, good, []],
      [good, side({ upgrade: fault("upgrade", trouble) }), [["upgrade", "fault", true]]],
      [side({ upgrade: fault("upgrade", trouble) }), good, []],
      [side({ upgrade: fault("upgrade", trouble) }), side({ upgrade: fault("upgrade", trouble) }), []],
      [good, side({ "header-host": warning("header-host", trouble) }), [["header-host", "warning", true]]],
      [good, side({ reload: warning("reload", trouble) }), [["reload", "warning", true]]],
      // What only this machine shows, and advice, fail nothing.
      [good, side({ upstream: warning("upstream", trouble) }), [["upstream", "warning", false]]],
      [good, side({ buffering: warning("buffering", trouble) }), [["buffering", "warning", false]]],
      [
        side({ cookies: warning("cookies", trouble) }),
        side({ cookies: fault("cookies", trouble) }),
        [["cookies", "fault", true]],
      ],
      // A refused config is no better for the other one being refused.
      [
        side({ "config-refused": fault("config-refused", trouble) }),
        side({ "config-refused": fault("config-refused", trouble) }),
        [["config-refused", "fault", true]],
      ],
    ];
    for (const [before, after, expected] of rows) assert.deepEqual(told(before, after), expected);
  });

  it("tells what shows behind a baseline that opens no WebSocket, and fails nothing for it", () => {
    const broken = side({ upgrade: fault("upgrade", trouble) }, { idleS: 3600 });
    const mended = side({ "worker-connections": warning("worker-connections", trouble) }, { idleS: 60 });
    assert.deepEqual(told(broken, mended), [["worker-connections", "warning", false]]);
  });

  it("keeps what the candidate's finding says, and what the baseline's said", () => {
    const [found] = findingRegressions(good, side({ upgrade: fault("upgrade", trouble) }));
    assert.deepEqual(
      [found?.title, found?.evidence, found?.cause, found?.cure],
      ["broken", ["seen"], "why", "how"],
    );
    assert.equal(found?.before.status, "ok");
  });

  it("compares how long connections are kept, by the configs", () => {
    const rows: readonly [before: Partial<ProbedSide>, after: Partial<ProbedSide>, expected: string[]][] = [
      [{ idleS: 3600 }, { idleS: 60 }, ["idle-timeout"]],
      [{ idleS: 60 }, { idleS: 3600 }, []],
      [{ idleS: 60 }, { idleS: 60 }, []],
      [{ idleS: null }, { idleS: 60 }, []],
      [{ idleS: 60 }, { idleS: null }, []],
      [{ shutdownS: null }, { shutdownS: 10 }, ["reload"]],
      [{ shutdownS: 240 }, { shutdownS: 10 }, ["reload"]],
      [{ shutdownS: 10 }, { shutdownS: 240 }, []],
      [{ shutdownS: 10 }, { shutdownS: null }, []],
      [{ idleS: 3600, shutdownS: 240 }, { idleS: 5, shutdownS: 5 }, ["idle-timeout", "reload"]],
    ];
    for (const [before, after, expected] of rows) {
      const found = findingRegressions(side({}, before), side({}, after));
      assert.deepEqual(
        found.map(({ id }) => id),
        expected,
        JSON.stringify([before, after]),
      );
      assert.ok(found.every(({ fails }) => fails));
    }
    const both = findingRegressions(
      side({}, { idleS: 60 }),
      side({ "idle-timeout": warning("idle-timeout", trouble) }, { idleS: 5 }),
    );
    assert.equal(both.length, 1, "the finding and the foretold time are told once");
  });
});
