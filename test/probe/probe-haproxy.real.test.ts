/**
 * `wsrally probe` on HAProxy: what is seen from both ends is explained in HAProxy's own directives, and never in nginx's.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProbeDocument } from "#wsrally/results/probe-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

type FindingId = ProbeDocument["findings"][number]["id"];

interface Row {
  readonly config: string;
  readonly code: 0 | 20;
  readonly id: FindingId;
  readonly status: "fault" | "warning" | "ok";
  /** Of cause and cure. */
  readonly says: RegExp | null;
}

const rows: readonly Row[] = [
  { config: "good-site", code: 0, id: "upgrade", status: "ok", says: null },
  {
    config: "small-buffer",
    code: 0,
    id: "request-head",
    status: "warning",
    says: /head of 6\d\d\d bytes does not fit into one buffer: `tune\.bufsize 4096` at .*small-buffer\.cfg:4/,
  },
  // Rejected before it can ask, and tested on a copy that lets everybody in.
  { config: "tcp-reject", code: 0, id: "upgrade", status: "ok", says: null },
  {
    config: "deny-address",
    code: 0,
    id: "route",
    status: "warning",
    says: /deny_status 404 unless office` at .*deny-address\.cfg:19 goes by the client's address/,
  },
  {
    config: "connection-deleted",
    code: 20,
    id: "upgrade-headers",
    status: "fault",
    says: /`http-request del-header Connection` at .*connection-deleted\.cfg:21/,
  },
  {
    config: "auth",
    code: 20,
    id: "route",
    status: "fault",
    says: /`http-request auth realm inside unless \{ http_auth\(people\) \}` at .*auth\.cfg:21 asks for a password/,
  },
  { config: "path-set", code: 20, id: "path", status: "fault", says: /path-set\.cfg:\d+/ },
  {
    config: "idle-short",
    code: 0,
    id: "idle-timeout",
    status: "warning",
    says: /timeout .*idle-short\.cfg:\d+/s,
  },
  // The look itself goes without the limit, which it would soon run into.
  { config: "rate-tight", code: 0, id: "limit-req", status: "warning", says: /rate-tight\.cfg:17 counts/ },
  {
    config: "forwarded-missing",
    code: 0,
    id: "header-forwarded",
    status: "warning",
    says: /option forwardfor/,
  },
  {
    config: "refused-acl-missing",
    code: 20,
    id: "config-refused",
    status: "fault",
    says: /no line `acl .*` stands before the rule/,
  },
];

const ofNginx = /nginx|proxy_|worker_|limit_(conn|req)|ssl_certificate|location/;

describe("wsrally probe haproxy:FILE", () => {
  for (const { config, code, id, status, says } of rows) {
    it(`looks at ${config}`, async () => {
      await withFolder(async (out) => {
        const file = `haproxy:test/proxy/haproxy/corpus/${config}.cfg`;
        const result = await runHere(["probe", file, "--quick", "--json", "--out", out]);
        assert.equal(result.code, code, result.stderr);
        const { findings } = JSON.parse(result.stdout) as ProbeDocument;
        const found = findings.find((finding) => finding.id === id);
        assert.equal(found?.status, status);
        if (says !== null) assert.match(`${found?.cause}\n${found?.cure}`, says);
        const words = findings.flatMap(({ title, cause, cure }) => [title, cause ?? "", cure ?? ""]);
        assert.deepEqual(
          words.filter((text) => ofNginx.test(text)),
          [],
        );
      });
    });
  }

  it("probes the built-in config, reload and slow readers too", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere(["probe", "haproxy", "--json", "--out", out]);
      assert.equal(code, 0, stderr);
      const { findings } = JSON.parse(stdout) as ProbeDocument;
      const handshake = ["unreachable", "access", "upgrade-hard-coded", "cookies", "request-head", "refusal"];
      for (const id of [...handshake, "upgrade", "path", "slow-client", "close-from-backend", "reload"])
        assert.equal(findings.find((finding) => finding.id === id)?.status, "ok", id);
    });
  });
});
