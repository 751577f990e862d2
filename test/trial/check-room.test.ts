import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { UsageError } from "#wsrally/base/errors.js";
import type { MachineLimits } from "#wsrally/diagnosis/limit.js";
import type { WorkloadInput } from "#wsrally/scenario/workload.js";
import { armRoom, requireRoom, scarceWords } from "#wsrally/trial/check-room.js";
import { type ForetoldArm, foretellArms } from "#wsrally/trial/foretell-arms.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";

const folder = mkdtempSync(join(tmpdir(), "wsrally-room-"));
after(() => rmSync(folder, { recursive: true }));

const machine: MachineLimits = {
  maxOpenFiles: 20_000,
  ephemeralPorts: 28_000,
  listenBacklog: 4096,
  availableBytes: 20 * 2 ** 30,
};

interface Parts {
  readonly main?: string;
  readonly events?: string;
  readonly http?: string;
  readonly location?: string;
}

async function foretold(configs: readonly Parts[], workload: WorkloadInput): Promise<readonly ForetoldArm[]> {
  const arms = configs.map(({ main = "", events = "", http = "", location = "" }, index) => {
    const file = join(folder, `${index}.conf`);
    const text = `${main}\nevents { ${events} }\nhttp { ${http}\nserver { listen 80; location / { proxy_pass http://127.0.0.1:9; ${location} } } }`;
    writeFileSync(file, text);
    return `c${index}=nginx:${file}`;
  });
  return foretellArms(resolveAsWritten({ arms }, { name: "t", overrides: workload }), machine);
}

/** What a run is refused with, or null; places without the folder. */
async function refusal(configs: readonly Parts[], workload: WorkloadInput): Promise<string | null> {
  try {
    requireRoom(await foretold(configs, workload), machine);
    return null;
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError);
    return thrown.message.replaceAll(`${folder}/`, "");
  }
}

const byAddress = "limit_conn_zone $binary_remote_addr zone=a:1m;";
const byHeader = "limit_conn_zone $http_x_user zone=a:1m;";
const perMinute = "limit_req_zone $binary_remote_addr zone=r:1m rate=60r/m;";

describe("requireRoom()", () => {
  const rows: readonly (readonly [what: string, parts: Parts, WorkloadInput, refused: RegExp | null])[] = [
    [
      "worker_connections",
      { events: "worker_connections 1024;" },
      { connections: 1000 },
      /^Cannot hold this load: c0 has room for 479 \(511 one by one\) of 1,000 connections: worker_connections 1024 \(0\.conf:2\); want --connections 479 or fewer, or worker_connections 4096$/,
    ],
    ["as many as there is room for", { events: "worker_connections 1024;" }, { connections: 479 }, null],
    ["one more than that", { events: "worker_connections 1024;" }, { connections: 480 }, /room for 479/],
    ["one more at a pace", { events: "worker_connections 1024;" }, { connections: 511, ramp: 100 }, null],
    [
      "too many at a pace",
      { events: "worker_connections 1024;" },
      { connections: 512, ramp: 100 },
      /room for 511 of 512/,
    ],
    ["the default", {}, { connections: 1000 }, /239 \(255 one by one\).*: worker_connections 512 by default/],
    [
      "several workers",
      { main: "worker_processes 2;", events: "worker_connections 1024;" },
      { connections: 1000 },
      /958 \(1,022 one by one\).* or worker_connections 2048$/,
    ],
    [
      "open files that the config sets",
      { main: "worker_rlimit_nofile 500;", events: "worker_connections 65536;" },
      { connections: 1000 },
      /242 of 1,000 connections: worker_rlimit_nofile 500 \(0\.conf:1\); .* or worker_rlimit_nofile 2016$/,
    ],
    [
      "limit_conn by address",
      { events: "worker_connections 65536;", http: byAddress, location: "limit_conn a 50;" },
      { connections: 51 },
      /room for 50 of 51 connections: limit_conn a 50 \(0\.conf:4\); want --connections 50 or fewer, or limit_conn a 51$/,
    ],
    [
      "limit_conn by what may differ",
      { events: "worker_connections 65536;", http: byHeader, location: "limit_conn a 50;" },
      { connections: 51 },
      null,
    ],
    [
      "limit_conn that only counts",
      {
        events: "worker_connections 65536;",
        http: byAddress,
        location: "limit_conn a 50; limit_conn_dry_run on;",
      },
      { connections: 51 },
      null,
    ],
    [
      "what is sure, though less is let in by what is not",
      { events: "worker_connections 1024;", http: byHeader, location: "limit_conn a 50;" },
      { connections: 1000 },
      /^Cannot hold this load: c0 has room for 479 /,
    ],
    [
      "no room at all",
      { events: "worker_connections 3;" },
      { connections: 10 },
      /has room for 0 of 10 connections: worker_connections 3 \(0\.conf:2\); want worker_connections 512$/,
    ],
    [
      "limit_req",
      {
        events: "worker_connections 65536;",
        http: perMinute,
        location: "limit_req zone=r burst=20 nodelay;",
      },
      { connections: 100 },
      /room for 21 of 100 connections: limit_req zone=r burst=20 nodelay .* or limit_req zone=r burst=100 nodelay, or --ramp 1$/,
    ],
    [
      "limit_req at its own pace",
      {
        events: "worker_connections 65536;",
        http: perMinute,
        location: "limit_req zone=r burst=20 nodelay;",
      },
      { connections: 100, ramp: 1 },
      null,
    ],
    [
      "limit_req that lets all wait",
      { events: "worker_connections 65536;", http: perMinute, location: "limit_req zone=r burst=1000;" },
      { connections: 200 },
      null,
    ],
  ];
  for (const [what, parts, workload, refused] of rows) {
    it(`${refused === null ? "lets through" : "refuses"} ${what}`, async () => {
      const words = await refusal([parts], workload);
      if (refused === null) assert.equal(words, null);
      else assert.match(words ?? "nothing", refused);
    });
  }

  it("names every arm that has none, and a number that fits them all", async () => {
    const configs = [
      { events: "worker_connections 1024;" },
      { events: "worker_connections 8192;" },
      { events: "worker_connections 600;" },
    ];
    const words = (await refusal(configs, { connections: 1000 })) ?? "";
    assert.match(words, /c0 has room for 479 .*; c2 has room for \d+ .*; want --connections 2\d\d or fewer/);
    assert.doesNotMatch(words, /c1/);
  });

  it("never refuses wsrally's own config, or a part that wsrally put in a whole of its own", async () => {
    const file = join(folder, "site.conf");
    writeFileSync(file, "server { listen 80; location / { proxy_pass http://127.0.0.1:9; } }");
    const scenario = resolveAsWritten(
      { arms: ["nginx", `part=nginx:${file}`, "direct", "embedded", "ws://127.0.0.1:9/"] },
      { name: "t", overrides: { connections: 5000 } },
    );
    const arms = await foretellArms(scenario, machine);
    requireRoom(arms, machine);
    assert.deepEqual(
      arms.map((arm) => armRoom(arm, machine)),
      [null, null, null, null, null],
    );
  });
});

describe("room in a config that passes to itself", () => {
  const inner = "server { listen 127.0.0.1:8081; location / { proxy_pass http://127.0.0.1:9; } }";
  const rows: readonly (readonly [what: string, servers: string, letsIn: number])[] = [
    ["one hop, which takes four", "location / { proxy_pass http://127.0.0.1:8081; }", 239],
    [
      "a hop of another path",
      "location /sock { proxy_pass http://127.0.0.1:9; } location / { proxy_pass http://127.0.0.1:8081; }",
      478,
    ],
    ["a hop that only some take", "location / { proxy_pass http://mixed; }", 478],
  ];
  for (const [what, locations, letsIn] of rows) {
    it(`is sure of no more than holds on the shortest way: ${what}`, async () => {
      const file = join(folder, "hops.conf");
      const group = "upstream mixed { server 127.0.0.1:8081; server 10.0.0.1:80; }";
      writeFileSync(
        file,
        `events { worker_connections 1024; } http { ${group} server { listen 80; ${locations} } ${inner} }`,
      );
      const scenario = resolveAsWritten(
        { arms: [`nginx:${file}`] },
        { name: "t", overrides: { connections: 1000, path: "/sock" } },
      );
      const [arm] = await foretellArms(scenario, machine);
      assert.ok(arm !== undefined);
      assert.equal(armRoom(arm, machine)?.letsIn, letsIn);
    });
  }

  it("is not sure of a limit that stands behind a hop", async () => {
    const file = join(folder, "behind.conf");
    writeFileSync(
      file,
      `events { worker_connections 65536; } http { ${byAddress}
server { listen 80; location / { proxy_pass http://127.0.0.1:8081; } }
server { listen 127.0.0.1:8081; location / { limit_conn a 50; proxy_pass http://127.0.0.1:9; } } }`,
    );
    const scenario = resolveAsWritten(
      { arms: [`nginx:${file}`] },
      { name: "t", overrides: { connections: 60 } },
    );
    const [arm] = await foretellArms(scenario, machine);
    const room = arm === undefined ? null : armRoom(arm, machine);
    assert.deepEqual([room?.letsIn, room?.admission.isCertain], [50, false]);
  });
});

describe("scarceWords()", () => {
  const rows: readonly (readonly [what: string, Parts, WorkloadInput, words: RegExp | null])[] = [
    ["nothing where there is room", { events: "worker_connections 4096;" }, { connections: 1000 }, null],
    [
      "that workers share unevenly",
      { main: "worker_processes 2;", events: "worker_connections 1024;" },
      { connections: 900 },
      /^may not let all 900 connections in, with room for 958 at most: worker_connections 1024 \(.*:2\); its 2 workers do not share/,
    ],
    [
      "that a fast pace is nearly at once",
      { events: "worker_connections 1024;" },
      { connections: 500, ramp: 1000 },
      /with room for 511 at most: .*; only 479 where several come at once$/,
    ],
    [
      "that handshakes come faster than their rate",
      {
        events: "worker_connections 65536;",
        http: "limit_req_zone $binary_remote_addr zone=r:1m rate=100r/s;",
        location: "limit_req zone=r burst=20 nodelay;",
      },
      { connections: 40 },
      /may not let all 40 connections in.*; connections that come faster than 100r\/s are turned away beyond 21 at once/,
    ],
    ["nothing of one worker alone", { events: "worker_connections 1024;" }, { connections: 470 }, null],
    [
      "that the key may be the same for all",
      { events: "worker_connections 65536;", http: byHeader, location: "limit_conn a 50;" },
      { connections: 60 },
      /^lets 50 of 60 connections in, if all of them count against it: limit_conn a 50/,
    ],
  ];
  for (const [what, parts, workload, words] of rows) {
    it(`says ${what}`, async () => {
      const [arm] = await foretold([parts], workload);
      const room = arm === undefined ? null : armRoom(arm, machine);
      const said = room === null ? null : scarceWords(room);
      if (words === null) assert.equal(said, null);
      else assert.match(said ?? "nothing", words);
    });
  }
});
