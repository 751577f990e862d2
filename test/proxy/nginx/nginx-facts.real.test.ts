import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { ConfigFacts } from "#wsrally/diagnosis/config-facts.js";
import type { ForetoldLimit, MachineLimits } from "#wsrally/diagnosis/limit.js";
import { quoteWords } from "#wsrally/diagnosis/quote.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import type { PreparedProxy } from "#wsrally/proxy/proxy.js";
import { parseArm } from "#wsrally/scenario/arm.js";
import { resolveWorkload } from "#wsrally/scenario/workload.js";
import { chooseEngine } from "#wsrally/trial/choose-engine.js";
import { foretellLimits } from "#wsrally/trial/foretell-limits.js";
import { workersOf } from "#wsrally/trial/placement.js";
import { never, withBench } from "../support/proxy-bench.js";

const folder = mkdtempSync(join(tmpdir(), "wsrally-facts-"));
after(() => rmSync(folder, { recursive: true }));

const machine: MachineLimits = {
  maxOpenFiles: 20_000,
  ephemeralPorts: 28_000,
  listenBacklog: 4096,
  availableBytes: 1000 * 1024 * 1024,
};

const upgrade =
  'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';

/** A config of the user's, a line a directive, made ready on the real nginx. */
async function prepared(
  text: string,
  asked: { readonly path?: string; readonly serverName?: string; readonly ports?: number } = {},
): Promise<PreparedProxy> {
  const file = join(folder, "site.conf");
  writeFileSync(file, text);
  return withBench(({ setting }) => {
    const { path = null, serverName = null, ports = 1 } = asked;
    const morePorts = Array.from({ length: ports - 1 }, (_, index) => setting.backend.port + 1 + index);
    const backend = { ...setting.backend, morePorts };
    const target = { kind: "proxy", proxy: "nginx", configFile: file, confinedTo: null } as const;
    return prepareProxy(target, {}, { ...setting, backend, path, serverName }, never);
  });
}

function whole({ main = "", events = "", http = "", server = "", location = "" }): string {
  return `${main}
events { ${events} }
http { ${http}
server { listen 8080; ${server}
location / { proxy_pass http://127.0.0.1:9; ${upgrade}
${location}
} } }`;
}

function said(facts: ConfigFacts | null): Record<string, unknown> {
  assert.ok(facts !== null);
  const short = (words: string): string => words.replace(folder, "").replaceAll("/site.conf", "site.conf");
  const { workers, idleS, shutdownS, room, connectionLimit, handshakeLimit, backlog, filesPerConnection } =
    facts;
  return {
    workers,
    idle: `${idleS.value} by ${short(quoteWords(idleS.quote))}`,
    shutdown: `${shutdownS.value} by ${short(quoteWords(shutdownS.quote))}`,
    room: room && `${room.value} by ${short(quoteWords(room.quote))}`,
    connections: connectionLimit && `${connectionLimit.value} for each ${connectionLimit.by}`,
    handshakes: handshakeLimit && `${handshakeLimit.value} for each ${handshakeLimit.by}`,
    backlog: backlog.value,
    files: filesPerConnection,
  };
}

function limitOf(limits: readonly ForetoldLimit[], name: string): number | null | undefined {
  return limits.find((limit) => limit.name === name)?.foretold;
}

describe("what an nginx config says of its connections", () => {
  const plain = {
    workers: 1,
    idle: "60 by proxy_read_timeout 60s by default",
    shutdown: "null by no worker_shutdown_timeout",
    room: "239 by worker_connections 512 by default",
    connections: null,
    handshakes: null,
    backlog: 511,
    files: 2,
  };
  const rows: readonly (readonly [what: string, text: string, facts: Record<string, unknown>])[] = [
    ["nothing", whole({}), plain],
    [
      "all of it",
      whole({
        main: "worker_processes 3; worker_shutdown_timeout 10m;",
        events: "worker_connections 1024;",
        http: "proxy_read_timeout 10s; limit_conn_zone $binary_remote_addr zone=a:1m; limit_req_zone $server_name zone=b:1m rate=10r/s;",
        server: "limit_conn a 50;",
        location: "proxy_read_timeout 1h; limit_req zone=b burst=5;",
      }),
      {
        workers: 3,
        idle: "3600 by proxy_read_timeout 1h (site.conf:6)",
        shutdown: "600 by worker_shutdown_timeout 10m (site.conf:1)",
        room: "1437 by worker_connections 1024 (site.conf:2)",
        connections: "50 for each $binary_remote_addr",
        handshakes: "10r/s for each $server_name",
        backlog: 511,
        files: 2,
      },
    ],
    ["one process without a master", whole({ main: "master_process off; worker_processes 4;" }), plain],
    [
      "as many workers as there are processors",
      whole({ main: "worker_processes auto;" }),
      {
        ...plain,
        workers: availableParallelism(),
        room: `${239 * availableParallelism()} by worker_connections 512 by default`,
      },
    ],
    [
      "no limit by 0",
      whole({ main: "worker_shutdown_timeout 0;" }),
      { ...plain, shutdown: "null by worker_shutdown_timeout 0 (site.conf:1)" },
    ],
    [
      "the least of several limits",
      whole({
        http: "limit_conn_zone $server_name zone=a:1m; limit_conn_zone $binary_remote_addr zone=b:1m;",
        location: "limit_conn a 90; limit_conn b 9;",
      }),
      { ...plain, connections: "9 for each $binary_remote_addr" },
    ],
    [
      "a server of its own that is behind the first, and stricter",
      `events { worker_connections 1024; }
http {
server { listen 8080; location / { proxy_pass http://127.0.0.1:8081; proxy_read_timeout 1h; ${upgrade} } }
server { listen 127.0.0.1:8081; location / { proxy_pass http://127.0.0.1:9; proxy_read_timeout 30s; ${upgrade} } }
}`,
      {
        ...plain,
        idle: "30 by proxy_read_timeout 30s (site.conf:4)",
        room: "239 by worker_connections 1024 (site.conf:1)",
        files: 4,
      },
    ],
  ];
  for (const [what, text, facts] of rows) {
    it(`says ${what}`, async () => {
      const proxy = await prepared(text);
      assert.deepEqual(said(proxy.facts), facts);
    });
  }

  it("is read of the server and the path that are measured", async () => {
    const text = `events { }
http {
server { server_name a; listen 8080; location / { proxy_pass http://127.0.0.1:9; proxy_read_timeout 1s; ${upgrade} } }
server { server_name b; listen 8080;
location / { proxy_pass http://127.0.0.1:9; proxy_read_timeout 2s; ${upgrade} }
location /ws { proxy_pass http://127.0.0.1:9; proxy_read_timeout 3s; ${upgrade} } }
}`;
    const idleOf = async (asked: {
      path?: string;
      serverName?: string;
    }): Promise<number | null | undefined> => (await prepared(text, asked)).facts?.idleS.value;
    assert.equal(await idleOf({ serverName: "a" }), 1);
    assert.equal(await idleOf({ serverName: "b", path: "/x" }), 2);
    assert.equal(await idleOf({ serverName: "b", path: "/ws" }), 3);
  });
});

describe("what a config foretells of the run", () => {
  const closed = resolveWorkload({ closed: true, connections: 10 });
  const support = {
    layer: () => ({ available: true }) as const,
    openSsl: () => ({ available: true }) as const,
    ioUring: () => ({ available: true }) as const,
  };
  const planOf = (arm: string) => ({
    ...parseArm(arm),
    workload: closed,
    group: "",
    cell: {},
    isFloor: false,
  });
  const listenTls = "listen 8443 ssl; ssl_certificate a.crt; ssl_certificate_key a.key;";

  for (const [what, text, tls, engine, memory] of [
    ["without TLS", whole({}), false, "io_uring", 24_380],
    ["with TLS", whole({}).replace("listen 8080;", listenTls), true, "epoll", 11_636],
  ] as const) {
    it(`a user's config ${what} gets ${engine}, and memory to match`, async () => {
      const proxy = await prepared(text);
      const arm = { plan: planOf("nginx:site.conf"), proxy };
      assert.equal(proxy.tls, tls);
      assert.equal(chooseEngine([arm], support), engine);
      assert.equal(limitOf(foretellLimits({ arm, limits: machine }), "memory"), memory);
    });
  }

  it("counts workers once, for the placement as for everything else", async () => {
    for (const [main, workers] of [
      ["worker_processes 2;", 2],
      ["master_process off; worker_processes 2;", 1],
      ["worker_processes auto;", availableParallelism()],
      ["", 1],
    ] as const) {
      const proxy = await prepared(whole({ main }));
      assert.equal(proxy.facts?.workers, workers);
      assert.equal(workersOf({ hasProxy: true, proxy }), workers);
      const files = limitOf(proxy.limits(machine), "proxy-descriptors");
      assert.equal(files, workers * Math.floor((20_000 - 16) / 2));
    }
  });

  it("spreads connections over every port of the backend", async () => {
    for (const upstream of ["proxy_pass http://app:80;", "proxy_pass http://group;"]) {
      const text = whole({ http: "upstream group { server 10.0.0.1:80; }" }).replace(
        "proxy_pass http://127.0.0.1:9;",
        upstream,
      );
      const proxy = await prepared(text, { ports: 3 });
      assert.equal(limitOf(proxy.limits(machine), "upstream-ports"), 84_000);
      assert.equal(
        proxy.configText?.match(/server 127\.0\.0\.1:\d+;/g)?.length,
        upstream.includes("group") ? 3 : 6,
      );
    }
  });

  it("says whose limit it is: the config's with its place, or the machine's", async () => {
    const text = whole({ main: "worker_rlimit_nofile 1000;", events: "worker_connections 100;" });
    const limits = (await prepared(text)).limits(machine);
    const quotes = new Map(
      limits.map(({ name, admission }) => [
        name,
        admission && quoteWords(admission.quote).replace(folder, ""),
      ]),
    );
    assert.equal(quotes.get("proxy-descriptors"), "worker_rlimit_nofile 1000 (/site.conf:1)");
    assert.equal(quotes.get("worker-connections"), "worker_connections 100 (/site.conf:2)");
    assert.equal(quotes.get("upstream-ports"), null);
  });
});
