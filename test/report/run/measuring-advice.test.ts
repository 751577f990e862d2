import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { measuringAdvice } from "#wsrally/report/run/measuring-advice.js";
import type { MetricName } from "#wsrally/scenario/metric.js";
import { latency, makeArm, makeComparison, makeDocument, makeTrial } from "../run-documents.js";

const document = makeDocument({
  arms: [
    makeArm("on"),
    makeArm("direct", {
      trials: [makeTrial(0, { proxyCost: null, latencyUs: { roundTrip: latency(62) } })],
    }),
  ],
});

function adviceFor(...metrics: MetricName[]): string {
  const comparisons = metrics.map((metric) =>
    makeComparison({ baseline: "on", candidate: "direct", metric }),
  );
  return measuringAdvice(comparisons, document, "was not measured");
}

describe("measuringAdvice()", () => {
  for (const [metrics, words] of [
    [
      ["cpuUsPerMessage", "pssBytesPerConnection"],
      "a proxy whose processes wsrally can see, for CPU a message, memory a connection was not measured in direct",
    ],
    [["roundTrip.p99"], "more messages a trial (--duration, --rate), for round trip p99 was not measured"],
    [["tls.p50"], "TLS in both arms, for tls p50 was not measured in on, direct"],
    [
      ["response.p50", "response.p99"],
      "an open loop (--rate, or neither --rate nor --closed), for response p50, p99 was not measured in direct",
    ],
    [["wire.p50"], /^an engine that has the kernel's stamps .* in on, direct$/],
  ] as const) {
    it(`says what would measure ${metrics.join(", ")}`, () => {
      const advice = adviceFor(...metrics);
      if (typeof words === "string") assert.equal(advice, words);
      else assert.match(advice, words);
    });
  }

  it("asks for connections, not for a proxy, where the slope lacks them", () => {
    const comparison = makeComparison({ metric: "rssBytesPerConnection" });
    assert.equal(
      measuringAdvice([comparison], makeDocument(), "was not measured"),
      "more connections, 50 at least (--connections), for resident memory a connection was not measured",
    );
  });
});
