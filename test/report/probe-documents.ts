/** Probes made by hand for the reports' tests. */
import type { ProbeDocument } from "#wsrally/results/probe-document.js";

type Shown = ProbeDocument["findings"][number];

export function makeFinding(id: Shown["id"], status: Shown["status"], more: Partial<Shown> = {}): Shown {
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

export function makeProbe(findings: Shown[]): ProbeDocument {
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

/** One finding of every sort, in the order of the list. */
export const mixedProbe = makeProbe([
  makeFinding("config-refused", "ok"),
  makeFinding("header-host", "warning", {
    title: "Host arrives as app",
    evidence: ["client sent: GET /sock HTTP/1.1, Host: app.example.com"],
    cause: "without a proxy_set_header Host nginx sends proxy_pass's own name ($proxy_host)",
    cure: "in `location /` at site.conf:3:\nproxy_set_header Host $http_host;",
  }),
  makeFinding("upgrade-headers", "fault", {
    title: "the upgrade is lost on its way to the backend, which sees a plain request",
    evidence: [
      "client sent: GET /sock HTTP/1.1, Upgrade: websocket, Connection: Upgrade",
      "backend received: GET /sock HTTP/1.1, no Upgrade, no Connection",
      'came back: HTTP/1.1 426 Upgrade Required, body "\u001b[31mred"',
    ],
    cause: "nginx passes neither Upgrade nor Connection on unless it is told to: both are hop-by-hop headers",
    cure: 'in `location /` at site.conf:3:\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection "upgrade";',
  }),
  makeFinding("idle-timeout", "not-tested", { cause: "--idle measures it", side: "unknown" }),
  makeFinding("idle-rearm", "not-tested", { cause: "--idle measures it", side: "unknown" }),
  makeFinding("path", "ok"),
  makeFinding("buffering", "ok", {
    title: "proxy_buffering has no effect on a WebSocket",
    evidence: ["config: `proxy_buffering off` at site.conf:9"],
    cause: "after the 101 nginx passes bytes on as they come",
  }),
]);
