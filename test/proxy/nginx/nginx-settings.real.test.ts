import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EnvironmentError, UsageError } from "#wsrally/base/errors.js";
import { findNginx } from "#wsrally/proxy/nginx/run/find-nginx.js";
import { parseNginxSettings, settableNames } from "#wsrally/proxy/nginx/run/nginx-settings.js";
import { withBench } from "../support/proxy-bench.js";

const goodValues: Readonly<Record<string, string>> = {
  tls: "on",
  worker_processes: "2",
  worker_cpu_affinity: "auto",
  worker_priority: "0",
  worker_rlimit_nofile: "4096",
  worker_shutdown_timeout: "1s",
  timer_resolution: "100ms",
  worker_connections: "1024",
  multi_accept: "on",
  accept_mutex: "on",
  accept_mutex_delay: "100ms",
  use: process.platform === "linux" ? "epoll" : "kqueue",
  tcp_nodelay: "off",
  tcp_nopush: "on",
  sendfile: "on",
  keepalive_timeout: "10s",
  keepalive_requests: "100",
  send_timeout: "5s",
  client_header_timeout: "5s",
  client_body_timeout: "5s",
  client_header_buffer_size: "2k",
  large_client_header_buffers: "4 16k",
  connection_pool_size: "512",
  request_pool_size: "8k",
  reset_timedout_connection: "on",
  lingering_close: "off",
  lingering_time: "5s",
  lingering_timeout: "1s",
  server_tokens: "off",
  gzip: "on",
  http2: "off",
  ssl_protocols: "TLSv1.2 TLSv1.3",
  ssl_ciphers: "HIGH:!aNULL",
  ssl_buffer_size: "4k",
  ssl_session_cache: "shared:SSL:1m",
  ssl_session_tickets: "off",
  ssl_session_timeout: "1m",
  ssl_prefer_server_ciphers: "on",
  ssl_ecdh_curve: "prime256v1",
  ssl_early_data: "on",
  ssl_conf_command: "Options PrioritizeChaCha",
  proxy_buffering: "off",
  proxy_buffer_size: "16k",
  proxy_buffers: "8 16k",
  proxy_busy_buffers_size: "32k",
  proxy_request_buffering: "off",
  proxy_http_version: "1.1",
  proxy_connect_timeout: "5s",
  proxy_read_timeout: "5s",
  proxy_send_timeout: "5s",
  proxy_socket_keepalive: "on",
  proxy_ignore_client_abort: "on",
  proxy_limit_rate: "1m",
  proxy_next_upstream: "error timeout",
  limit_rate: "1m",
  keepalive: "16",
  reuseport: "on",
  deferred: "off",
  backlog: "256",
  so_keepalive: "on",
  fastopen: "16",
  rcvbuf: "64k",
  sndbuf: "64k",
};

/** Each goes through the real `nginx -t`, which refuses buffers that do not fit each other. */
const bufferSets: { set: Record<string, string>; accepted: boolean }[] = [
  { set: { proxy_buffer_size: "16k" }, accepted: true },
  { set: { proxy_buffer_size: "1k" }, accepted: true },
  { set: { proxy_buffer_size: "64k" }, accepted: true },
  { set: { proxy_buffer_size: "5000" }, accepted: true },
  { set: { proxy_buffers: "2 4k" }, accepted: true },
  { set: { proxy_buffers: "4 32k" }, accepted: true },
  { set: { proxy_busy_buffers_size: "64k" }, accepted: true },
  { set: { proxy_buffer_size: "16k", proxy_buffers: "2 16k" }, accepted: true },
  { set: { proxy_buffer_size: "16k", proxy_busy_buffers_size: "16k" }, accepted: true },
  { set: { proxy_buffer_size: "16k", proxy_busy_buffers_size: "128k" }, accepted: true },
  { set: { proxy_buffer_size: "32k", proxy_buffers: "8 4k" }, accepted: false },
  { set: { proxy_buffer_size: "16k", proxy_busy_buffers_size: "4k" }, accepted: false },
  { set: { proxy_buffer_size: "much" }, accepted: false },
  { set: { proxy_buffering: "maybe" }, accepted: false },
];

const badSets: { set: Record<string, string>; message: RegExp }[] = [
  { set: { proxy_bufering: "off" }, message: /Did you mean proxy_buffering\?$/ },
  { set: { load_module: "x.so" }, message: /Cannot set load_module .*nginx:FILE.*:\n {2}accept_mutex {2}/ },
  { set: { include: "/etc/passwd" }, message: /Cannot set include/ },
  { set: { send_timeout: "1s; load_module x" }, message: /";" cannot stand in a value/ },
  { set: { send_timeout: "1s } events {" }, message: /"}" cannot stand in a value/ },
  { set: { send_timeout: "1s\nuser x" }, message: /"\\n" cannot stand in a value/ },
  { set: { send_timeout: "'1s'" }, message: /"'" cannot stand in a value/ },
  { set: { send_timeout: " " }, message: /to nothing/ },
  { set: { tls: "yes" }, message: /tls=yes: want on or off/ },
  { set: { reuseport: "1" }, message: /reuseport=1: want on or off/ },
  { set: { ssl_protocols: "TLSv1.3" }, message: /without TLS: it would change nothing/ },
];

describe("parseNginxSettings()", () => {
  for (const { set, message } of badSets) {
    it(`refuses ${JSON.stringify(set)}`, () => {
      assert.throws(
        () => parseNginxSettings(set),
        (thrown) => thrown instanceof UsageError && message.test(thrown.message),
      );
    });
  }
});

describe("the built-in nginx config", () => {
  it("takes every directive that can be set, by nginx's own judgement", async () => {
    assert.deepEqual(Object.keys(goodValues).sort(), [...settableNames].sort());
    const [major = 0, minor = 0] = (await findNginx()).version.split(".").map(Number);
    const set = { ...goodValues };
    // The directive came with nginx 1.25.1.
    if (major === 1 && minor < 25) delete set.http2;
    await withBench(async ({ nginx }) => {
      const { configText } = await nginx(set);
      for (const name of Object.keys(set).filter((key) => key !== "tls" && key !== "deferred")) {
        assert.match(configText ?? "", new RegExp(`\\b${name}\\b`));
      }
    });
  });

  for (const { set, accepted } of bufferSets) {
    it(`${accepted ? "makes nginx accept" : "leaves to nginx to refuse"} ${JSON.stringify(set)}`, async () => {
      await withBench(async ({ nginx }) => {
        if (accepted) await nginx(set);
        else
          await assert.rejects(
            nginx(set),
            (thrown) =>
              thrown instanceof EnvironmentError &&
              / in the built-in config$|built-in config: /.test(thrown.message),
          );
      });
    });
  }

  it("has one digest for one setting, whatever the run's ports and folders are", async () => {
    await withBench(async ({ nginx }) => {
      const [first, second, other] = [await nginx(), await nginx(), await nginx({ tcp_nodelay: "off" })];
      assert.notEqual(first.configText, second.configText);
      assert.equal(first.configSha256, second.configSha256);
      assert.notEqual(first.configSha256, other.configSha256);
    });
  });
});
