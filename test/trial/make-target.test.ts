import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseArm } from "#wsrally/scenario/arm.js";
import { resolveWorkload, type WorkloadInput } from "#wsrally/scenario/workload.js";
import { makeTarget } from "#wsrally/trial/make-target.js";

function targetOf(
  arm: string,
  endpoint: { tls: boolean; host: string; port: number },
  input: WorkloadInput = {},
) {
  return makeTarget({
    arm: parseArm(arm).target,
    endpoint: { ...endpoint, caPem: null },
    workload: resolveWorkload(input),
    givenCaPem: null,
  });
}

describe("makeTarget()", () => {
  it("sets Host and Origin as a browser does", () => {
    const { hostHeader, origin, path } = targetOf("nginx", { tls: false, host: "127.0.0.1", port: 8080 });
    assert.deepEqual([hostHeader, origin, path], ["127.0.0.1:8080", "http://127.0.0.1:8080", "/sock"]);
  });

  it("leaves the scheme's own port out, and puts IPv6 in brackets", () => {
    assert.equal(targetOf("nginx", { tls: true, host: "::1", port: 443 }).hostHeader, "[::1]");
    assert.equal(targetOf("nginx", { tls: true, host: "h", port: 443 }).origin, "https://h");
  });

  it("takes the URL's path and query unless a path was given", () => {
    const endpoint = { tls: false, host: "h", port: 80 };
    assert.equal(targetOf("ws://h/chat?room=1", endpoint).path, "/chat?room=1");
    assert.equal(targetOf("ws://h/chat", endpoint, { path: "/other" }).path, "/other");
  });

  it("takes what was given instead", () => {
    const { hostHeader, origin } = targetOf(
      "nginx",
      { tls: false, host: "127.0.0.1", port: 8080 },
      { host: "example.test", origin: "https://app.test" },
    );
    assert.deepEqual([hostHeader, origin], ["example.test", "https://app.test"]);
  });
});
