/**
 * `wsrally probe` on Envoy: what is seen from both ends is explained in Envoy's own fields, and never in another's words.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProbeDocument } from "#wsrally/results/probe-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

interface Row {
  readonly config: string;
  readonly code: 0 | 20;
  readonly id: ProbeDocument["findings"][number]["id"];
  readonly status: "fault" | "warning" | "ok";
  /** Of cause and cure. */
  readonly says: RegExp | null;
}

const rows: readonly Row[] = [
  { config: "good-filters", code: 0, id: "upgrade", status: "ok", says: null },
  {
    config: "no-upgrade",
    code: 20,
    id: "route",
    status: "fault",
    says: /no-upgrade\.yaml:10 nor the route .* has `upgrade_configs`/,
  },
  // Refused, and tested on a copy that lets everybody in.
  { config: "rbac", code: 20, id: "route", status: "fault", says: /the filter RBAC at .*rbac\.yaml:\d+/ },
  {
    config: "http2-upstream",
    code: 0,
    id: "http-version",
    status: "warning",
    says: /`http2_protocol_options: \{\}` at .*http2-upstream\.yaml:34/,
  },
  {
    config: "upgrade-removed",
    code: 20,
    id: "upgrade-headers",
    status: "fault",
    says: /request_headers_to_remove: \[upgrade\]` at .*upgrade-removed\.yaml:19/,
  },
  { config: "idle-route", code: 0, id: "idle-timeout", status: "warning", says: /idle-route\.yaml:21/ },
];

const ofOthers = /nginx|proxy_|worker_|limit_(conn|req)|ssl_certificate|location|HAProxy|timeout tunnel/;

describe("wsrally probe envoy:FILE", () => {
  for (const { config, code, id, status, says } of rows) {
    it(`looks at ${config}`, async () => {
      await withFolder(async (out) => {
        const file = `envoy:test/proxy/envoy/corpus/${config}.yaml`;
        const result = await runHere(["probe", file, "--quick", "--json", "--out", out]);
        assert.equal(result.code, code, result.stderr);
        const { findings } = JSON.parse(result.stdout) as ProbeDocument;
        const found = findings.find((finding) => finding.id === id);
        const told = `${found?.title}\n${found?.cause}\n${found?.cure}`;
        assert.equal(found?.status, status, told);
        if (says !== null) assert.match(told, says);
        const words = findings.flatMap(({ title, cause, cure }) => [title, cause ?? "", cure ?? ""]);
        assert.deepEqual(
          words.filter((text) => ofOthers.test(text)),
          [],
        );
      });
    });
  }
});
