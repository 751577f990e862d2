import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderProbeReport } from "#wsrally/report/probe-report.js";
import type { ProbeDocument } from "#wsrally/results/probe-document.js";
import { assertGolden } from "./golden.js";

type Shown = ProbeDocument["findings"][number];

function finding(id: Shown["id"], status: Shown["status"], more: Partial<Shown> = {}): Shown {
  return {
    id,
    status,
    side: "proxy",
    title: `the title of ${id}`,
    evidence: [],
    cause: null,
    cure: null,
    ...more,
  };
}

function document(findings: Shown[]): ProbeDocument {
  return {
    schemaVersion: 1,
    tool: { name: "wsrally", version: "0.1.0" },
    runId: "2026-01-31T12-00-00-probe-site-1a2b",
    startedAt: "2026-01-31T12:00:00.000Z",
    finishedAt: "2026-01-31T12:00:04.000Z",
    environment: {
      os: "linux",
      kernel: "6.1.0",
      arch: "x64",
      cpuModel: null,
      cpus: 2,
      memoryBytes: 8_000_000_000,
      node: "20.19.0",
      maxOpenFiles: 20_000,
      ci: false,
    },
    arm: {
      name: "nginx-site",
      arm: "nginx:site.conf",
      set: {},
      path: "/sock",
      proxy: { kind: "nginx", version: "1.31.3", configSha256: "0", build: null, changes: [] },
    },
    options: { quick: false, idle: false },
    findings,
  };
}

const mixed = document([
  finding("config-refused", "ok"),
  finding("header-host", "warning", {
    title: "Host arrives as app",
    evidence: ["client sent: GET /sock HTTP/1.1, Host: app.example.com"],
    cause: "without a proxy_set_header Host nginx sends proxy_pass's own name ($proxy_host)",
    cure: "in `location /` at site.conf:3:\nproxy_set_header Host $http_host;",
  }),
  finding("upgrade-headers", "fault", {
    title: "the upgrade is lost on its way to the backend, which sees a plain request",
    evidence: [
      "client sent: GET /sock HTTP/1.1, Upgrade: websocket, Connection: Upgrade",
      "backend received: GET /sock HTTP/1.1, no Upgrade, no Connection",
      'came back: HTTP/1.1 426 Upgrade Required, body "\u001b[31mred"',
    ],
    cause: "nginx passes neither Upgrade nor Connection on unless it is told to: both are hop-by-hop headers",
    cure: 'in `location /` at site.conf:3:\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection "upgrade";',
  }),
  finding("idle-timeout", "not-tested", { cause: "--idle measures it", side: "unknown" }),
  finding("idle-rearm", "not-tested", { cause: "--idle measures it", side: "unknown" }),
  finding("path", "ok"),
  finding("buffering", "ok", {
    title: "proxy_buffering has no effect on a WebSocket",
    evidence: ["config: `proxy_buffering off` at site.conf:9"],
    cause: "after the 101 nginx passes bytes on as they come",
  }),
]);

describe("renderProbeReport()", () => {
  it("has faults first, then warnings, what was not tested by reason, and one line of what is well", () => {
    assertGolden("probe-report-80", renderProbeReport(mixed, { width: 200, colour: false }));
  });

  for (const [findings, first] of [
    [[], "WebSockets get through: no fault found"],
    [
      [finding("limit-req", "warning", { title: "a limit" })],
      "WebSockets get through; to be looked at: a limit",
    ],
    [
      [finding("upstream", "warning", { title: "nobody is there" })],
      "WebSockets get through to wsrally's backend; nobody is there",
    ],
    [
      [finding("cookies", "fault", { title: "no cookies" }), finding("limit-req", "warning")],
      "WebSockets get through, with a fault: no cookies",
    ],
    [
      [
        finding("cookies", "fault", { title: "no cookies" }),
        finding("path", "fault", { title: "wrong path" }),
      ],
      "WebSockets do not get through: wrong path",
    ],
  ] as const) {
    it(`answers in its first line: ${first}`, () => {
      const text = renderProbeReport(document([...findings]), { width: 80, colour: false });
      assert.equal(text.split("\n")[0], first);
    });
  }

  it("keeps to narrow pages, and colours only when it may", () => {
    const narrow = renderProbeReport(mixed, { width: 40, colour: false });
    for (const line of narrow.split("\n")) assert.ok(line.length <= 40, line);
    assert.ok(!narrow.includes("\u001b"));
    assert.ok(renderProbeReport(mixed, { width: 80, colour: true }).includes("\u001b[31mFAULT"));
  });
});
