/**
 * What a user gives in confidence, and what a config, a server or a log holds of such: none of it stands in anything that is
 * stored or printed, while names do. Every secret here holds one word, which is looked for everywhere.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { WebSocketServer } from "ws";
import { reportFormats } from "#wsrally/commands/render-runs.js";
import { type CliResult, startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { createScratchRepository } from "../support/scratch-repository.js";
import { withFolder } from "../support/with-folder.js";

const word = "S3CR3T";
const secret = (where: string): string => `${word}-${where}`;

function isQuiet(what: string, text: string): void {
  const at = text.indexOf(word);
  assert.ok(at === -1, `${what}: …${text.slice(Math.max(0, at - 200), at + 60)}…`);
}

/** Every file below it, and what the program printed. */
function isQuietAll(folder: string, result: CliResult): void {
  isQuiet("stdout", result.stdout);
  isQuiet("stderr", result.stderr);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    isQuiet("a file's name", name);
    if (statSync(path).isFile()) isQuiet(path, readFileSync(path, "utf8"));
  }
}

/** The run's folder is its user's alone, and so is all that is in it. */
function isPrivate(run: string): void {
  assert.equal(statSync(run).mode & 0o777, 0o700);
  for (const name of readdirSync(run)) assert.equal(statSync(join(run, name)).mode & 0o777, 0o600, name);
}

const folderOfRun = (out: string): string =>
  join(out, readdirSync(out).find((name) => /^\d{4}-/.test(name)) ?? assert.fail("no run"));

const short = ["--connections", "4", "--rate", "100", "--duration", "0.2", "--warmup", "0", "--blocks", "1"];

interface Server {
  readonly port: number;
  /** The upgrades that came, each with its headers. */
  readonly asked: readonly string[];
  close(): void;
}

/** `tires`: closes all connections but the first. */
type Answer = "takes" | "refuses" | "redirects" | "closes" | "tires";

/** Says back all that it was asked, in every way that there is. */
async function startEcho(answer: Answer): Promise<Server> {
  const asked: string[] = [];
  const all = (request: IncomingMessage): string => `${request.url} ${request.rawHeaders.join(" ")}`;
  const server = createServer((request, response) => {
    response.setHeader("Set-Cookie", `sid=${secret("set-cookie")}; Path=/`);
    if (answer === "redirects") {
      response
        .writeHead(302, { Location: `https://h.example/login?next=${request.url}&code=${secret("code")}` })
        .end();
    } else {
      const body = JSON.stringify({ token: secret("body"), asked: all(request) });
      response.writeHead(answer === "refuses" ? 403 : 426).end(body);
    }
  });
  if (answer === "takes" || answer === "closes" || answer === "tires") {
    new WebSocketServer({ server }).on("connection", (socket, request) => {
      asked.push(all(request));
      if (answer === "closes" || (answer === "tires" && asked.length > 1))
        socket.close(1008, all(request).slice(0, 120));
      socket.on("message", (data, isBinary) =>
        socket.send(String(data) === "ping" && !isBinary ? "pong" : data, { binary: isBinary }),
      );
    });
  } else {
    server.on("upgrade", (request, socket) => {
      socket.end(
        answer === "redirects"
          ? `HTTP/1.1 302 Found\r\nLocation: /login?code=${secret("code")}\r\nContent-Length: 0\r\n\r\n`
          : `HTTP/1.1 403 Forbidden\r\nSet-Cookie: sid=${secret("set-cookie")}\r\n\r\n{"token":"${secret("body")}", "asked": "${all(request)}"}`,
      );
    });
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function withEcho(
  answer: Answer,
  work: (url: string, folder: string, asked: readonly string[]) => Promise<void>,
): Promise<void> {
  const server = await startEcho(answer);
  const place = `127.0.0.1:${server.port}/sock?room=1&token=${secret("query")}`;
  try {
    await withFolder((folder) => work(`ws://me:${secret("password")}@${place}`, folder, server.asked));
  } finally {
    server.close();
  }
}

const given = [
  ...["--header", `Authorization: Bearer ${secret("bearer")}`],
  ...["--header", `Cookie: sid=${secret("cookie")}; theme=${secret("theme")}`],
  ...["--header", `X-Tenant: ${secret("tenant")}`],
  ...["--subprotocol", `mqtt, ${secret("subprotocol")}`],
];

/** Where it passes to answers nothing of its own, changes the path, and refuses the third connection. */
const config = `events { worker_connections 1024; }
http {
  limit_conn_zone $binary_remote_addr$server_protocol zone=each:1m;
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  map $http_x_api_key $known { "${secret("api-key")}" 1; default 0; }
  server {
    listen 8080;
    # password=${secret("comment")}
    set $upstream_token "${secret("set")}";
    location /sock {
      limit_conn each 2;
      error_log logs/error.log info;
      proxy_pass http://app.internal:9000/other?key=${secret("pass")};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Host "wrong.example";
      proxy_set_header Authorization "Basic ${secret("basic")}";
      proxy_set_header Cookie "sid=${secret("config-cookie")}";
      add_header Set-Cookie "sid=${secret("add-header")}; Path=/";
      if ($http_x_api_key = "${secret("if")}") { return 302 https://h.example/?code=${secret("return")}; }
    }
  }
}
`;

describe("secrets of a URL", () => {
  it("are in nothing that a run, its reports, its history and its baseline hold", {
    timeout: 60_000,
  }, async () => {
    await withEcho("takes", async (url, folder) => {
      const out = join(folder, "results");
      const compare = ["compare", `one=${url}`, `two=${url}&again=1`, ...short, "--out", out];
      isQuietAll(folder, await runHere([...compare, "--dry-run"]));
      isQuietAll(folder, await runHere([...compare, "--dry-run", "--json"]));
      const running = startCli(["compare", ...compare.slice(1), "--json"]);
      await once(running.child.stderr ?? assert.fail(), "data");
      if (process.platform === "linux") {
        isQuiet("cmdline", readFileSync(`/proc/${running.child.pid}/cmdline`, "utf8"));
      }
      const result = await running.result;
      assert.equal(result.code, 0, result.stderr);
      isQuietAll(folder, result);
      const run = folderOfRun(out);
      isPrivate(run);
      const { scenario } = JSON.parse(result.stdout);
      assert.match(scenario.arms[0].arm, /^ws:\/\/\*\*\*@127\.0\.0\.1:\d+\/sock\?room=\*\*\*&token=\*\*\*$/);
      for (const format of reportFormats) {
        isQuietAll(folder, await runHere(["report", run, "--format", format, "--out", out]));
      }
      isQuietAll(folder, await runHere(["baseline", "save", run, "--name", "kept", "--json", "--out", out]));
      isQuietAll(folder, await runHere(["history", "--json", "--out", out]));
    });
  });

  for (const answer of ["refuses", "redirects", "closes"] as const) {
    it(`are not told when the server ${answer} and repeats them`, async () => {
      await withEcho(answer, async (url, folder) => {
        const out = join(folder, "results");
        isQuietAll(folder, await runHere(["run", url, ...short, "--out", out]));
        for (const flags of [[], ["--json"]]) {
          const result = await runHere(["probe", url, "--quick", ...given, ...flags, "--out", out]);
          assert.equal(result.code, 20, result.stderr);
          isQuietAll(folder, result);
        }
        isPrivate(folderOfRun(out));
      });
    });
  }

  for (const args of [
    ["run", `ws://me:${secret("a")}@127.0.0.1:1/?t=${secret("b")}#x`],
    ["run", `wss://me:${secret("a")}@[x/?t=${secret("b")}`],
    ["probe", `ws://me:${secret("a")}@127.0.0.1:1/?t=${secret("b")}`, "--header", `X-Key ${secret("c")}`],
    [
      "probe",
      `ws://me:${secret("a")}@127.0.0.1:1/?t=${secret("b")}`,
      `--header=X-Key:\t${secret("c")}`,
      "--ca=x",
    ],
    ["probe", `ws://me:${secret("a")}@127.0.0.1:1/`, "--path", `no?t=${secret("b")}`],
    ["probe", `ws://me:${secret("a")}@127.0.0.1:1/`, "--upstream", "as-configured"],
    [`ws://me:${secret("a")}@127.0.0.1:1/?t=${secret("b")}`],
    ["report", `ws://me:${secret("a")}@127.0.0.1:1/?t=${secret("b")}`],
    ["run", "nginx", "--otlp", `ftp://me:${secret("a")}@127.0.0.1:1/?t=${secret("b")}`],
  ]) {
    it(`are not repeated by what is wrong with ${args.join(" ").replaceAll(word, "").slice(0, 70)}`, async () => {
      await withFolder(async (folder) => {
        const result = await runHere(args, { cwd: folder });
        assert.ok(result.code !== 0 && result.code !== 1, `${result.code}: ${result.stderr}`);
        isQuietAll(folder, result);
      });
    });
  }
});

describe("secrets of a load's own handshake", () => {
  const header = `X-Api-Token: \${env:WSRALLY_TEST_TOKEN}`;
  const perConnection = ["--header", header, "--path", "/s?t={{tenant}}"];
  const handshake = [...perConnection, "--cookie", `sid=${secret("sid")}`, "--subprotocol", "mqtt"];

  interface Scene {
    readonly result: CliResult;
    readonly asked: readonly string[];
  }

  async function runWith(answer: Answer, engine: string, check: (scene: Scene) => void): Promise<void> {
    process.env.WSRALLY_TEST_TOKEN = secret("environment");
    try {
      await withEcho(answer, async (url, folder, asked) => {
        const [out, data] = [join(folder, "results"), join(folder, "users.csv")];
        mkdirSync(out);
        writeFileSync(data, `tenant\none-${word}\ntwo-${word}\n`);
        const given = [...handshake, "--data", data, "--engine", engine, "--threads", "2"];
        const result = await runHere(["run", url, ...short, ...given, "--out", out, "--json"]);
        isQuietAll(out, result);
        check({ result, asked });
      });
    } finally {
      delete process.env.WSRALLY_TEST_TOKEN;
    }
  }

  for (const engine of process.platform === "linux" ? ["ws", "epoll"] : ["ws"]) {
    it(`arrive by ${engine}, each connection's own, and stay in nothing else`, async () => {
      await runWith("takes", engine, ({ result, asked }) => {
        assert.equal(result.code, 0, result.stderr);
        const tenants = asked.slice(-4).map((one) => /^\/s\?t=(one|two)-/.exec(one)?.[1]);
        assert.deepEqual(tenants.sort(), ["one", "one", "two", "two"]);
        for (const one of asked) {
          assert.ok(one.includes(`X-Api-Token ${secret("environment")}`), one);
          assert.ok(one.includes(`Cookie sid=${secret("sid")}`), one);
          assert.ok(one.includes("Sec-WebSocket-Protocol mqtt"), one);
        }
        const { path, headers, cookies, subprotocols } = JSON.parse(result.stdout).scenario.arms[0].workload;
        assert.deepEqual(
          [path, headers, cookies, subprotocols],
          ["/s?t={{tenant}}", [header], ["sid=***"], ["mqtt"]],
        );
      });
    });

    it(`are not told by ${engine} when the server repeats them`, async () => {
      await runWith("tires", engine, ({ result }) => {
        const { failures } = JSON.parse(result.stdout).arms[0].trials[0];
        assert.match(JSON.stringify(failures), /\*\*\*/);
      });
    });
  }

  it("are asked for by their names where they are not set, before anything is sent", async () => {
    await withEcho("takes", async (url, folder, asked) => {
      const result = await runHere(["run", url, ...short, "--header", header, "--out", folder]);
      assert.equal(result.code, 2);
      assert.match(result.stderr, /Cannot fill \$\{env:WSRALLY_TEST_TOKEN\} in: the environment has no/);
      assert.deepEqual(asked, []);
    });
  });
});

describe("secrets of a config", () => {
  it("are in nothing that a run stores or says, nor are those of the requests in its log", {
    timeout: 60_000,
  }, async () => {
    await withFolder(async (folder) => {
      writeFileSync(join(folder, "site.conf"), config);
      const out = join(folder, "results");
      mkdirSync(out);
      const path = `/sock?token=${secret("query")}`;
      const arm = `nginx:${join(folder, "site.conf")}`;
      const result = await runHere(["run", arm, "--path", path, ...short, "--out", out, "--json"]);
      assert.equal(result.code, 0, result.stderr);
      const run = folderOfRun(out);
      isQuietAll(out, result);
      isPrivate(run);
      const kept = readFileSync(join(run, "nginx-site.conf"), "utf8");
      assert.match(kept, /proxy_set_header Authorization "Basic \*\*\*";/);
      assert.match(readFileSync(join(run, "nginx-site.error.log"), "utf8"), /GET \/sock\?token=\*\*\* HTTP/);
      for (const format of ["html", "terminal"] as const) {
        isQuietAll(out, await runHere(["report", run, "--full", "--format", format, "--out", out]));
      }
    });
  });

  it("are in no finding of a probe, which compares them all the same", { timeout: 60_000 }, async () => {
    await withFolder(async (folder) => {
      writeFileSync(join(folder, "site.conf"), config);
      const out = join(folder, "results");
      mkdirSync(out);
      const path = `/sock?token=${secret("query")}`;
      const arm = `nginx:${join(folder, "site.conf")}`;
      const result = await runHere([
        "probe",
        arm,
        "--path",
        path,
        "--quick",
        ...given,
        "--json",
        "--out",
        out,
      ]);
      assert.equal(result.code, 20, result.stderr);
      isQuietAll(out, result);
      isPrivate(folderOfRun(out));
      const { findings } = JSON.parse(result.stdout);
      const cookies = findings.find(({ id }: { id: string }) => id === "cookies");
      assert.equal(cookies.status, "fault");
      assert.match(
        cookies.evidence.join("\n"),
        /client sent: .*Cookie: sid=\*\*\*; theme=\*\*\*\nbackend received: .*Cookie: sid=\*\*\*/,
      );
      isQuietAll(out, await runHere(["probe", arm, "--path", path, "--quick", ...given, "--out", out]));
    });
  });

  it("that change alone are a line of a gate's diff, masked on both sides", { timeout: 60_000 }, async () => {
    await withFolder(async (folder) => {
      const repository = createScratchRepository(folder);
      writeFileSync(join(folder, "site.conf"), config);
      repository.commitAll("before");
      writeFileSync(join(folder, "site.conf"), config.replace(secret("basic"), secret("other")));
      const reports = ["markdown", "junit", "html", "json", "csv", "codequality"].flatMap((format) => [
        "--report",
        format,
      ]);
      const args = [
        "gate",
        "--baseline",
        "main:site.conf",
        "--candidate",
        "site.conf",
        "--budget",
        "60s",
        ...short,
      ];
      const summary = join(folder, "summary.md");
      writeFileSync(summary, "");
      const result = await runHere([...args, ...reports, "--out", "results"], {
        cwd: folder,
        env: { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: join(folder, "out.txt") },
      });
      assert.notEqual(result.code, 1, result.stderr);
      isQuiet("summary", readFileSync(summary, "utf8"));
      isQuietAll(join(folder, "results"), result);
      const run = folderOfRun(join(folder, "results"));
      const { gate } = JSON.parse(readFileSync(join(run, "run.json"), "utf8"));
      const shown = '      proxy_set_header Authorization "Basic ***";';
      assert.ok(gate.pairs[0].diff[0].patch.includes(`-${shown}\n+${shown}\n`), gate.pairs[0].diff[0].patch);
    });
  });
});
