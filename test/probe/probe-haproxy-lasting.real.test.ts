/**
 * What HAProxy does to WebSockets that are open: all of it in one look at a config, and in HAProxy's own directives.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Finding, FindingId } from "#wsrally/diagnosis/finding.js";
import type { ProbeResult } from "#wsrally/probe/run-probe.js";
import { findingOf } from "./support/find-finding.js";
import { probeArm } from "./support/probe-config.js";

interface Wanted {
  readonly id: FindingId;
  readonly status: Finding["status"];
  /** Of evidence, cause and cure. */
  readonly says: RegExp;
}

interface Row {
  readonly config: string;
  readonly idle: boolean;
  readonly wanted: readonly Wanted[];
}

const rows: readonly Row[] = [
  {
    config: "maxconn-small",
    idle: true,
    wanted: [
      {
        id: "idle-timeout",
        status: "warning",
        says: /`timeout client 20s` at .*:13; scaled down to 2 s.*ended after \d.*no `timeout tunnel` holds/s,
      },
      { id: "idle-rearm", status: "ok", says: /data from the client alone: kept it open/ },
      {
        id: "worker-connections",
        status: "warning",
        says: /`maxconn 30` at .*:18: room for 30 .*tried 32: 30 opened; the next got: no answer in time.*with 30 open HAProxy accepts no more/s,
      },
      {
        id: "reload",
        status: "warning",
        says: /5 WebSockets under traffic, reloaded: 0 open.*hard-stop-after 30m was scaled down to 1 s.*`hard-stop-after 30m` at .*:6/s,
      },
      {
        id: "h2-websocket-reload",
        status: "warning",
        says: /those over HTTP\/2 too.*3 WebSockets on one HTTP\/2 connection.*GOAWAY \(NO_ERROR\).*`hard-stop-after 30m` at .*:6/s,
      },
      { id: "h2-websocket-stream-limit", status: "not-tested", says: /room for no more than 30/ },
      { id: "slow-client", status: "ok", says: /held back after/ },
      { id: "slow-backend", status: "ok", says: /held back after/ },
      { id: "small-messages", status: "ok", says: /the slowest took/ },
    ],
  },
  {
    config: "limit-conn",
    idle: false,
    wanted: [
      {
        id: "limit-conn",
        status: "warning",
        says: /sc_conn_cur\(0\) gt 20 \}` at .*:20, by src.*: 20 opened; the next got: HTTP\/1\.1 429.*one address may have 20/s,
      },
      { id: "worker-connections", status: "ok", says: /`maxconn 4000` at .*:3: room for 4000/ },
      { id: "reload", status: "ok", says: /5 open after 1 s/ },
      {
        id: "h2-websocket-reload",
        status: "ok",
        says: /3 stayed open\nclient received: GOAWAY \(NO_ERROR\)/,
      },
    ],
  },
];

function said({ title, evidence, cause, cure }: Finding): string {
  return [title, ...evidence, cause, cure].join("\n");
}

async function look({ config, idle }: Row): Promise<ProbeResult> {
  const configFile = `test/proxy/haproxy/corpus/${config}.cfg`;
  const arm = { kind: "proxy", proxy: "haproxy", configFile, confinedTo: null } as const;
  return probeArm({ arm, idle, quick: false });
}

describe("open WebSockets through haproxy:FILE", () => {
  for (const row of rows) {
    it(row.config, async () => {
      const result = await look(row);
      for (const { id, status, says } of row.wanted) {
        const found = findingOf(result, id);
        assert.equal(found.status, status, said(found));
        assert.match(said(found), says);
      }
    });
  }
});
