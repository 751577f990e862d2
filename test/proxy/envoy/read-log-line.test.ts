import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { refusalOf } from "#wsrally/proxy/envoy/run/check-config.js";
import { readEnvoyDiary, shownLines } from "#wsrally/proxy/envoy/run/read-diary.js";
import { readEnvoyLogLine } from "#wsrally/proxy/envoy/run/read-log-line.js";

const tail = 'cluster=app "GET /ws" 12ms';
const before = "upstream_reset_before_response_started";
const after = "upstream_reset_after_response_started";

/** Lines as Envoy 1.36 and 1.40 wrote them, but for the flags DF, DO and DR. */
const rows: readonly (readonly [string, string | null])[] = [
  [`[access] 101 DC downstream_remote_disconnect ${tail} -`, "client-ended"],
  [`[access] 101 UC ${after}{connection_termination} ${tail} -`, "connection-reset"],
  [`[access] 101 SI stream_idle_timeout ${tail} -`, "idle-timeout"],
  [`[access] 101 - max_duration_timeout ${tail} -`, "lifetime"],
  [`[access] 403 - upgrade_failed ${tail} -`, null],
  [`[access] 404 NR route_not_found cluster=- "GET /ws" 0ms -`, null],
  [
    `[access] 503 UF ${before}{remote_connection_failure|delayed_connect_error:_Connection_refused} ${tail} delayed_connect_error:_Connection_refused`,
    "upstream-refused",
  ],
  [
    `[access] 503 UF ${before}{remote_connection_failure|TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end} ${tail} -`,
    "upstream-tls",
  ],
  [`[access] 503 UC ${before}{connection_termination} ${tail} -`, "upstream-closed"],
  [`[access] 502 UPE ${before}{protocol_error} ${tail} -`, "upstream-answer"],
  [`[access] 503 UH no_healthy_upstream ${tail} -`, "no-live-upstreams"],
  [`[access] 503 UO ${before}{overflow} ${tail} -`, "limit-conn"],
  [`[access] 504 UT response_timeout ${tail} -`, "upstream-timeout"],
  [`[access] 403 - rbac_access_denied_matched_policy[none] ${tail} -`, "access-denied"],
  [`[access] 429 RL local_rate_limited ${tail} -`, "limit-req"],
  [`[access] 503 UF ${before}{connection_timeout} ${tail} -`, "upstream-timeout"],
  [`[access] 400 DPE http1.codec_error cluster=- "- -" 0ms -`, "bad-request"],
  [`[access] 431 DPE http1.headers_too_large cluster=- "- -" 0ms -`, "bad-request"],
  [`[access] 408 SI stream_idle_timeout ${tail} -`, "idle-timeout"],
  [`[access] 503 FI fault_filter_abort ${tail} -`, "fault-injected"],
  [`[access] 503 URX,UF ${before}{remote_connection_failure} ${tail} -`, "upstream-refused"],
  [`[access] 503 DF dns_resolution_failure ${tail} -`, "name-not-found"],
  [`[access] 503 DO drop_overload ${tail} -`, "limit-req"],
  [`[access] 0 DR downstream_remote_reset ${tail} -`, "client-ended"],
  ["[warning][main] caught ENVOY_SIGTERM", null],
  ["[critical][backtrace] Caught Segmentation fault, suspect faulting address 0x0", "process-died"],
];

describe("a line of Envoy's log", () => {
  for (const [line, cause] of rows)
    it(line.slice(0, 60), () => assert.equal(readEnvoyLogLine(line).cause, cause));

  it("counts like ones together, and leaves out what a start says", () => {
    const lines = [
      "[info][main] statically linked extensions:",
      `[access] 503 UF x{127.0.0.1:4321} ${tail} -`,
      `[access] 503 UF x{127.0.0.1:4322} ${tail} -`,
      "[warning][main] caught ENVOY_SIGTERM",
    ];
    const { entries } = readEnvoyDiary(shownLines(lines));
    assert.deepEqual(
      entries.map(({ message, count }) => [message, count]),
      [["503 UF x{ADDRESS} app", 2]],
    );
  });
});

describe("Envoy's refusal", () => {
  const unknown =
    "Protobuf message (type envoy.config.bootstrap.v3.Bootstrap reason INVALID_ARGUMENT: invalid JSON in  envoy.config.bootstrap.v3.Bootstrap  @   static_resources.clusters[0]: message envoy.config.cluster.v3.Cluster, near 1:94 (offset 93): no   such field: 'bogus') has unknown fields";
  it("is told on one line, without what it says of its own JSON", () => {
    const said =
      "@ static_resources.clusters[0]: message envoy.config.cluster.v3.Cluster, near 1:94 (offset 93): no such field: 'bogus'";
    assert.equal(
      refusalOf(`[critical][main] error initializing configuration 'envoy.json': ${unknown}\n`),
      said,
    );
    assert.equal(
      refusalOf(
        `[critical][main] error \`${unknown}\` initializing config 'goo.gle/debugonly  \n  envoy.json'\n[info][main] exiting\n`,
      ),
      said,
    );
  });
  it("is none where Envoy refuses nothing", () => {
    assert.equal(refusalOf("[warning][main] something\n"), null);
  });
});
