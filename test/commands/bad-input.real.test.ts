import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startFaultyServer } from "../support/faulty-server.js";
import { runCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

interface Row {
  readonly args: readonly string[];
  readonly code: 2 | 3;
  readonly says: RegExp;
}

/** Everything that is wrong by itself, without a file or a server. */
const rows: readonly Row[] = [
  { args: ["run"], code: 2, says: /missing required argument/ },
  { args: ["rnu"], code: 2, says: /unknown command 'rnu'.*\n.*run/i },
  { args: ["run", "smoke", "--speed", "9"], code: 2, says: /unknown option '--speed'/ },
  {
    args: ["run", "smoke", "--connections", "0"],
    code: 2,
    says: /--connections 0: want a whole number from 1 to 1,000,000, such as/,
  },
  {
    args: ["run", "smoke", "--connections", "1000000000"],
    code: 2,
    says: /--connections 1000000000: want .* to 1,000,000/,
  },
  {
    args: ["run", "smoke", "--connections", "many"],
    code: 2,
    says: /--connections many: want a whole number .* such as 5 or 5,000/,
  },
  { args: ["run", "smoke", "--connections", "2.5"], code: 2, says: /--connections 2\.5/ },
  { args: ["run", "smoke", "--rate=-5"], code: 2, says: /--rate -5: want a number a second above 0/ },
  { args: ["run", "smoke", "--rate", "5", "--closed"], code: 2, says: /--closed.*beside rate/ },
  { args: ["run", "smoke", "--engine", "warp"], code: 2, says: /--engine warp/ },
  { args: ["run", "smoke", "--max-seconds", "0"], code: 2, says: /--max-seconds 0/ },
  {
    args: ["run", "missing.yaml"],
    code: 2,
    says: /missing\.yaml: there is no such file; built-in scenarios are/,
  },
  { args: ["run", "smok"], code: 2, says: /There is no scenario smok \(did you mean smoke\?\)/ },
  { args: ["run", "ngnix"], code: 2, says: /Unknown arm "ngnix" \(did you mean nginx\?\)/ },
  { args: ["run", "http://127.0.0.1:9/"], code: 2, says: /\(ws:\/\/127\.0\.0\.1:9\/ perhaps; a WebSocket/ },
  {
    args: ["run", "smoke", "--dry-run", "--sizes", "nofile.txt"],
    code: 2,
    says: /^Cannot read the sizes nofile\.txt: ENOENT/,
  },
  { args: ["run", "smoke", "--dry-run", "--data", "nofile.csv"], code: 2, says: /nofile\.csv: ENOENT/ },
  { args: ["run", "smoke", "--dry-run", "--ca", "nofile.pem"], code: 2, says: /nofile\.pem: ENOENT/ },
  {
    args: ["run", "smoke", "--dry-run", "--replay", "nofile.har"],
    code: 2,
    says: /^Cannot use --replay nofile\.har: ENOENT/,
  },
  { args: ["help", "nosuch"], code: 2, says: /There is no command nosuch: want run, / },
  { args: ["help", "comapre"], code: 2, says: /There is no command comapre \(did you mean compare\?\)/ },
  { args: ["report", "x", "--format", "htlm"], code: 2, says: /did you mean html\?/ },
  { args: ["report", "--out", "nowhere"], code: 2, says: /No run to report in nowhere/ },
  {
    args: ["run", "smoke", "--engine", "libuv"],
    code: 2,
    says: /--engine libuv: want one of auto, io_uring/,
  },
  { args: ["run", "squid:x.conf"], code: 2, says: /Unknown arm "squid:x\.conf"/ },
  { args: ["run", "nginx:missing.conf"], code: 2, says: /missing\.conf: there is no such file/ },
  {
    args: ["run", "nginx", "--set", "proxy_bufering=off"],
    code: 2,
    says: /proxy_bufering.*proxy_buffering/s,
  },
  { args: ["run", "nginx", "--set", "proxy_buffering"], code: 2, says: /want directive=value/ },
  { args: ["run", "smoke", "--set", "tls=on"], code: 2, says: /its arms have set keys/ },
  {
    args: ["run", "nginx", "--set", "proxy_buffer_size=banana"],
    code: 3,
    says: /invalid value|proxy_buffer_size/,
  },
  {
    args: ["run", "haproxy", "--set", "timeout tunel=5s"],
    code: 2,
    says: /Cannot set timeout tunel on the built-in HAProxy config\. Did you mean timeout tunnel\?/,
  },
  { args: ["run", "haproxy", "--set", "maxconn=many"], code: 2, says: /maxconn=many: want a whole number/ },
  { args: ["run", "haproxy", "--set", "cpu-map=1 0"], code: 2, says: /Cannot set cpu-map: the run chooses/ },
  { args: ["run", "haproxy:missing.cfg"], code: 2, says: /missing\.cfg: there is no such file/ },
  { args: ["compare", "nginx"], code: 2, says: /want two arms or more/ },
  { args: ["compare", "nginx", "nginx"], code: 2, says: /Two arms are named nginx/ },
  {
    args: ["run", "nginx", "--connections", "15000"],
    code: 3,
    says: /needs 30100 open files and may have \d+; want at most about/,
  },
  {
    args: ["run", "ws://127.0.0.1:9/", "--blocks", "1"],
    code: 3,
    says: /Cannot measure arm 127\.0\.0\.1-9: no WebSocket at .*refused/,
  },
  { args: ["run", "direct", "--ca", "missing.pem", "--blocks", "1"], code: 2, says: /missing\.pem/ },
  { args: ["report", "nowhere"], code: 2, says: /Cannot find a run at nowhere/ },
  { args: ["history", "--out", "nowhere"], code: 2, says: /no history in nowhere.*--import DIR/ },
  { args: ["history", "site", "--out", "nowhere"], code: 2, says: /no history of site in nowhere/ },
  { args: ["history", "--import", "nowhere"], code: 2, says: /Cannot import nowhere: .*no such file/ },
  { args: ["history", "--import", "schemas", "--out", "nowhere"], code: 2, says: /holds no history/ },
  { args: ["baseline"], code: 2, says: /Usage: wsrally baseline/ },
  { args: ["baseline", "save", "nowhere"], code: 2, says: /Cannot find a run at nowhere/ },
  {
    args: ["baseline", "show", "x", "--out", "nowhere"],
    code: 2,
    says: /baseline x in nowhere.*baseline save RUN/,
  },
  { args: ["backend", "--port", "99999"], code: 2, says: /Want a port/ },
  { args: ["backend", "--path", "sock"], code: 2, says: /starts with \// },
  { args: ["proxies", "install", "squid"], code: 2, says: /Cannot install "squid".*nginx/ },
];

describe("bad input gives one clear error and the contract's exit code", () => {
  for (const { args, code, says } of rows) {
    it(`wsrally ${args.join(" ")}`, async () => {
      await withFolder(async (folder) => {
        const out = args[0] === "run" || args[0] === "compare" ? ["--out", folder] : [];
        const result = await runHere([...args, ...out]);
        assert.equal(result.code, code, result.stderr);
        assert.match(result.stderr, says);
        assert.equal(result.stdout, "");
        assert.doesNotMatch(result.stderr, /\n\s+at /, "no stack trace");
      });
    });
  }

  it("by the program's exit code, on its stderr alone, without a stack trace", async () => {
    const { code, stdout, stderr } = await runCli(["run", "smoke", "--engine", "warp"]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^[^\n]*--engine warp[^\n]*\n$/);
  });

  it("a scenario with several faults: each with its line", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "bad.yaml");
      writeFileSync(file, "workload:\n  rate: -1\n  colour: red\narms: [nginx]\n");
      const { code, stderr } = await runHere(["run", file]);
      assert.equal(code, 2);
      assert.match(stderr, /bad\.yaml:2: workload\.rate/);
      assert.match(stderr, /bad\.yaml:3: workload\.colour: unknown key/);
    });
  });

  it("a config that nginx refuses: nginx's own words, with the user's file and line", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "bad.conf");
      writeFileSync(
        file,
        "events {}\nhttp {\n  server {\n    listen 80;\n    upstream a { server b:1; }\n    location / { proxy_pass http://127.0.0.1:1; }\n  }\n}\n",
      );
      const { code, stderr } = await runHere(["run", `nginx:${file}`, "--out", folder]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, /"upstream" directive is not allowed here in .*bad\.conf:5/);
    });
  });

  it("a results folder that cannot be written", async () => {
    await withFolder(async (folder) => {
      const file = join(folder, "file");
      writeFileSync(file, "");
      const { code, stderr } = await runHere([
        "run",
        "direct",
        "--blocks",
        "1",
        "--out",
        join(file, "results"),
      ]);
      assert.equal(code, 3);
      assert.match(stderr, /Cannot make the results folder .*; --out chooses another folder/);
    });
  });

  it("a port that is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await runHere(["backend", "--port", String(port)]);
    server.close();
    assert.equal(code, 3);
    assert.match(stderr, new RegExp(`Cannot listen on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE.*--port`));
  });

  it("a URL that does not upgrade: what came instead", async () => {
    await withFolder(async (folder) => {
      const server = await startFaultyServer("answers-200");
      const { code, stderr } = await runHere(["run", `ws://127.0.0.1:${server.port}/`, "--out", folder]);
      await server.close();
      assert.equal(code, 3);
      assert.match(
        stderr,
        /HTTP 200 OK in place of 101; it says "hi"; a plain page was served: is the path the WebSocket's\? wsrally probe/,
      );
    });
  });

  it("a URL that refuses: its own words, cut and harmless, and who looks closer", async () => {
    const long = "x".repeat(500);
    const answers: Readonly<Record<string, readonly [status: number, body: string]>> = {
      "/chat": [400, "subprotocol chat.v2 wanted\u001b[31m"],
      "/page": [401, `<html><body><h1>Log in</h1>${long}</body></html>`],
      "/bare": [409, ""],
    };
    const server = createServer();
    server.on("upgrade", (request, socket) => {
      const [status, body] = answers[request.url?.split("?")[0] ?? ""] ?? [404, ""];
      socket.on("error", () => undefined);
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const address = `ws://127.0.0.1:${port}`;
    const saysOf = async (path: string): Promise<string> => {
      const result = await withFolder((folder) => runHere(["run", `${address}${path}`, "--out", folder]));
      assert.equal(result.code, 3, result.stderr);
      assert.doesNotMatch(result.stderr, /Upgrade header/);
      assert.ok(!result.stderr.includes("\u001b"));
      assert.match(result.stderr, /^run: arms compared\. Seed \d+\n/);
      return result.stderr;
    };
    try {
      const chat = await saysOf("/chat?token=secret");
      assert.ok(
        chat.includes(
          String.raw`HTTP 400 No in place of 101; it says "subprotocol chat.v2 wanted\u001b[31m"; wsrally probe ${address}/chat looks closer`,
        ),
        chat,
      );
      assert.match(
        await saysOf("/page"),
        /it says "Log in x{100,113}…"; it wants to know who asks: --header or --cookie says so; wsrally probe/,
      );
      assert.match(await saysOf("/bare"), /HTTP 409 No in place of 101; wsrally probe/);
    } finally {
      server.close();
    }
  });

  it("a URL that upgrades and never answers", { timeout: 30_000 }, async () => {
    await withFolder(async (folder) => {
      const server = await startFaultyServer("never-answers");
      const { code, stderr } = await runHere(["run", `ws://127.0.0.1:${server.port}/`, "--out", folder]);
      await server.close();
      assert.equal(code, 3);
      assert.match(stderr, /upgraded, but gave no answer within/);
    });
  });

  it("a run that is not one", async () => {
    await withFolder(async (folder) => {
      mkdirSync(join(folder, "run"));
      writeFileSync(join(folder, "run", "run.json"), '{"schemaVersion": 99}');
      const { code, stderr } = await runHere(["report", join(folder, "run")]);
      assert.equal(code, 2);
      assert.match(stderr, /schemaVersion is 99; want 1/);
    });
  });
});

describe("help", () => {
  for (const command of [
    [],
    ["run"],
    ["compare"],
    ["probe"],
    ["report"],
    ["backend"],
    ["proxies"],
    ["proxies", "install"],
    ["demo"],
    ["history"],
    ["baseline"],
    ["baseline", "save"],
    ["baseline", "list"],
    ["baseline", "show"],
  ]) {
    it(`wsrally ${[...command, "--help"].join(" ")} has examples and ends with 0`, async () => {
      const { code, stdout } = await runHere([...command, "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, /Examples:\n {2}wsrally/);
    });
  }

  it("is what the built program prints", async () => {
    assert.deepEqual(await runCli(["run", "--help"]), await runHere(["run", "--help"]));
  });

  it("wsrally --version prints the package's version", async () => {
    const { code, stdout } = await runCli(["--version"]);
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
