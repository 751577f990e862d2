/**
 * Configs through which WebSockets come and are harmed, ended or turned away all the same.
 */
import type { Symptom } from "#wsrally/diagnosis/symptom.js";
import type { CorpusRow } from "./corpus-row.js";

const change = (arrived: string): Symptom => ({
  kind: "path-changed",
  sent: "/ws/a",
  arrived,
  change: { path: { wanted: "/ws/a", arrived }, lost: [], gained: [] },
});

/** The line is said at which it stands: the site's own begin with 2. */
function fault(name: string, site: string, more: Omit<CorpusRow, "name" | "site">): CorpusRow {
  return { name, site, ...more };
}

export const faultRows: readonly CorpusRow[] = [
  fault("site-level Connection", "header Connection keep-alive\nreverse_proxy app:1", {
    status: 101,
    symptom: { kind: "answer-changed", log: [] },
    says: /`header Connection keep-alive` at .*:2: it stands for every answer of the site/,
    isTried: true,
  }),
  fault("site-level -Sec-WebSocket-Protocol", "header {\n\t-Sec-WebSocket-*\n}\nreverse_proxy app:1", {
    status: 101,
    symptom: { kind: "answer-changed", log: [] },
    says: /-Sec-WebSocket-\*` at .*:3/,
  }),
  fault("header_down says nothing", "reverse_proxy app:1 {\n\theader_down -Sec-WebSocket-Accept\n}", {
    status: 101,
    isTried: true,
  }),
  fault("h2c", "reverse_proxy h2c://app:1", {
    status: 502,
    says: /speaks HTTP\/2 alone to it/,
    isTried: true,
  }),
  fault("versions h2c", "reverse_proxy app:1 {\n\ttransport http {\n\t\tversions h2c\n\t}\n}", {
    status: 502,
    says: /`versions h2c` at .*:4/,
  }),
  fault(
    "versions 2 is no matter beside 1.1",
    "reverse_proxy app:1 {\n\ttransport http {\n\t\tversions 1.1 2\n\t}\n}",
    { status: 101 },
  ),
  fault("https to plain", "reverse_proxy https://app:1", {
    status: 101,
    symptom: { kind: "upstream-scheme", asked: "tls", address: "app:1" },
    says: /asks app:1 over TLS, and it speaks none: 502[\s\S]*reverse_proxy http:\/\/app:1/,
  }),
  fault(
    "auth server upgrades",
    "forward_auth auth:9 {\n\turi /verify\n\tcopy_headers X-User\n}\nreverse_proxy app:1",
    { status: 101, advises: ["access"], isTried: true },
  ),
  fault(
    "password",
    "basic_auth {\n\tbob $2a$14$Zkx19XLiW6VYouLHR5NmfOFU0z2GTNmpkT/5qqR7hx4IjWJPDhjvG\n}\nreverse_proxy app:1",
    {
      status: 401,
      since: "2.8",
      says: /`basic_auth` at .*:2 asks for a password/,
      isTried: true,
    },
  ),
  fault("by address", "@out not remote_ip 10.0.0.0/8\nrespond @out 403\nreverse_proxy app:1", {
    status: 403,
    symptom: { kind: "answered-early", status: 403, location: null, bodyStart: "", log: [] },
    says: /`respond @out 403` at .*:3 may have answered/,
    isTried: true,
  }),
  fault("abort", "@old header Sec-WebSocket-Version 13\nabort @old\nreverse_proxy app:1", {
    status: null,
    symptom: { kind: "unanswered", how: "closed", log: [] },
    says: /`abort @old` at .*:3/,
  }),
  fault("stream_timeout", "reverse_proxy app:1 {\n\tstream_timeout 30m\n}", {
    status: 101,
    since: "2.8",
    symptom: { kind: "idle-end", afterS: 1800 },
    says: /`stream_timeout 30m` at .*:3 ends every WebSocket after 30m, busy or not/,
    advises: ["idle-timeout"],
  }),
  fault("read_timeout", "reverse_proxy app:1 {\n\ttransport http {\n\t\tread_timeout 10s\n\t}\n}", {
    status: 101,
    idleS: 10,
    symptom: { kind: "heartbeat-ignored", which: "the client's ping" },
    says: /`read_timeout 10s` at .*:4 counts what comes from the backend alone/,
    advises: ["idle-timeout"],
    isTried: true,
  }),
  fault("strip", "handle_path /ws/* {\n\treverse_proxy app:1\n}", {
    path: "/ws/a",
    status: 101,
    arrives: "/a",
    symptom: change("/a"),
    says: /`handle_path \/ws\/\*` at .*:2 makes \/a of \/ws\/a[\s\S]*handle \/ws\/\* \{/,
    isTried: true,
  }),
  fault("uri strip_prefix", "uri strip_prefix /ws\nreverse_proxy app:1", {
    path: "/ws/a",
    status: 101,
    arrives: "/a",
    symptom: change("/a"),
    says: /`uri strip_prefix \/ws` at .*:2/,
  }),
  fault("rewrite in the proxy", "reverse_proxy app:1 {\n\trewrite /socket\n}", {
    path: "/ws/a",
    status: 101,
    arrives: "/socket",
    symptom: change("/socket"),
    says: /`rewrite \/socket` at .*:3/,
  }),
  fault("Host of the upstream", "reverse_proxy app:1 {\n\theader_up Host app.internal\n}", {
    status: 101,
    symptom: { kind: "header-changed", header: "Host", way: "to-backend", arrived: "app.internal" },
    says: /`header_up Host app\.internal` at .*:3 changes Host/,
  }),
  fault("Host of an upstream over TLS", "reverse_proxy https://app:1", {
    status: 101,
    symptom: { kind: "header-changed", header: "Host", way: "to-backend", arrived: "app:1" },
    says: /asked by its own name, from Caddy 2\.11 on[\s\S]*header_up Host \{host\}/,
  }),
  fault("forwarded header taken away", "reverse_proxy app:1 {\n\theader_up -X-Forwarded-*\n}", {
    status: 101,
    symptom: { kind: "client-unknown", forged: false },
    says: /`header_up -X-Forwarded-\*` at .*:3/,
  }),
  fault(
    "another route is hidden",
    "handle /ws* {\n\treverse_proxy app:1\n}\nreverse_proxy /api/* app:2\nrespond no",
    {
      status: 101,
      advises: ["other-routes"],
    },
  ),
  fault("closed at a reload", "reverse_proxy app:1", {
    status: 101,
    symptom: { kind: "cut-at-reload", afterS: 0.03, close: 1001 },
    says: /closes all WebSockets of a config when another is loaded[\s\S]*stream_close_delay/,
  }),
  fault("count of open ones", "reverse_proxy app:1 {\n\tfail_duration 1m\n\tunhealthy_request_count 20\n}", {
    status: 101,
    symptom: { kind: "room-ends", opened: 20, how: { status: 503 }, log: [] },
    says: /`unhealthy_request_count 20` at .*:4: an open WebSocket counts/,
  }),
  fault("health check", "reverse_proxy app:1 {\n\thealth_uri /health\n}", {
    status: 101,
    symptom: { kind: "answered-early", status: 503, location: null, bodyStart: "", log: [] },
    cause: "no-live-upstreams",
    says: /`health_uri \/health` at .*:3: a server that takes nothing but WebSockets/,
    advises: ["upstream"],
  }),
  fault("nobody there", "reverse_proxy app:1", {
    status: 101,
    symptom: { kind: "answered-early", status: 502, location: null, bodyStart: "", log: [] },
    cause: "upstream-refused",
    says: /`reverse_proxy app:1` at .*:2: nobody listens there/,
  }),
];
