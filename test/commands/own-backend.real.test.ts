import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { withOwnBackend } from "../support/own-backend.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const load = [
  "--connections",
  "10",
  "--rate",
  "400",
  "--warmup",
  "0.1",
  "--duration",
  "0.4",
  "--blocks",
  "1",
];

interface Loaded {
  readonly document: RunDocument;
  /** All that a server was sent: preflight, burn-in, trials. */
  readonly sent: number;
}

async function loaded(words: readonly string[], out: string): Promise<Loaded> {
  const { code, stdout, stderr } = await runHere(["run", ...words, ...load, "--json", "--out", out]);
  assert.equal(code, 0, stderr);
  const document: RunDocument = JSON.parse(stdout);
  const [arm] = document.arms;
  const [trial] = arm?.trials ?? [];
  assert.ok(arm !== undefined && trial !== undefined);
  assert.deepEqual(trial.failures, []);
  assert.equal(trial.accounting.clientSent, trial.accounting.clientReceived);
  assert.ok(trial.accounting.clientSent > 100);
  const aside = (arm.preflight?.messages.sent ?? 0) + (arm.burnIn?.messages.sent ?? 0);
  return { document, sent: trial.accounting.clientSent + aside };
}

const stomp = (port: number): string => `
arms: [ws://127.0.0.1:${port}/ws]
workload:
  preset: stomp
  message: "SEND\\ndestination:/app/echo\\nreply-to:/topic/wsrally-{{connection}}\\n\\n{{id}}\\0"
`;

const passwordName = "WSRALLY_TEST_PASSWORD";
const login = {
  send: `{"type":"login","user":"{{user}}","password":"\${env:${passwordName}}"}`,
  await: "json:type=welcome",
  capture: { session: "session" },
};
const chat = (arm: string, data: string): string =>
  JSON.stringify({
    arms: [arm],
    workload: {
      data,
      upstream: arm.startsWith("ws") ? "ours" : "as-configured",
      first: [login],
      message: '{"type":"ask","id":"{{id}}","session":"{{session}}"}',
      reply: "json:to={{id}}",
      ignore: ["hello", "tick"],
    },
  });
const password = "Kaffee-mit-Milch-7";

function textsBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}

describe("a load on a backend of the user's own", () => {
  const presets: readonly (readonly [string, string, string, (port: number, folder: string) => string[]])[] =
    [
      ["Socket.IO", "socket-io", "answered", (port) => [`ws://127.0.0.1:${port}`, "--preset", "socket.io"]],
      [
        "graphql-transport-ws",
        "graphql-ws",
        "ignored",
        (port) => [`ws://127.0.0.1:${port}/graphql`, "--preset", "graphql-ws"],
      ],
      [
        "STOMP, with a service of its own",
        "stomp",
        "nothing",
        (port, folder) => {
          const file = join(folder, "stomp.yaml");
          writeFileSync(file, stomp(port));
          return [file];
        },
      ],
    ];
  for (const [what, server, said, wordsFor] of presets) {
    it(`speaks ${what}: what the server counted is what was sent`, async () => {
      await withFolder(async (folder) => {
        let sent = 0;
        const counts = await withOwnBackend(server, async (port) => {
          const run = await loaded(wordsFor(port, folder), join(folder, "results"));
          sent = run.sent;
          const talk = run.document.arms[0]?.trials[0]?.talk;
          const heard = { answered: talk?.answered, ignored: talk?.ignored, nothing: 1 }[said] ?? 0;
          assert.ok(heard > 0, JSON.stringify(talk));
        });
        assert.equal(counts.messages, sent);
      });
    });
  }

  it("logs in on every connection through the user's own proxy, and keeps its secrets", async () => {
    await withFolder(async (folder) => {
      const data = join(folder, "users.csv");
      writeFileSync(data, "user\nann\nbob\n");
      const out = join(folder, "results");
      let sent = 0;
      const counts = await withOwnBackend(
        "chat",
        async (port) => {
          const conf = join(folder, "site.conf");
          writeFileSync(
            conf,
            `server { listen 80; location / { proxy_pass http://127.0.0.1:${port}; proxy_http_version 1.1;
             proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; } }`,
          );
          const file = join(folder, "chat.yaml");
          writeFileSync(file, chat(`nginx:${conf}`, data));
          process.env[passwordName] = password;
          const run = await loaded([file, "--path", "/chat"], out);
          sent = run.sent;
          const [trial] = run.document.arms[0]?.trials ?? [];
          assert.ok((trial?.talk?.ignored ?? 0) >= 10, "each connection was greeted");
          assert.equal(trial?.accounting.backendReceived, null);
          assert.ok((trial?.proxyCost?.cpuUsPerMessage ?? 0) > 0, "the proxy is still wsrally's");
          assert.ok(!textsBelow(out).includes(password));

          process.env[passwordName] = "Tee";
          const wrong = await runHere(["run", file, ...load, "--path", "/chat", "--out", out]);
          assert.equal(wrong.code, 3);
          assert.match(
            wrong.stderr,
            /^Cannot measure arm .* upgraded, but first\[0\]: the server said ".*wrong password.*": want that in await, or in ignore/m,
          );
        },
        [password],
      );
      assert.deepEqual([counts.messages, counts.strangers], [sent, 0]);
    });
  });

  it("says what was sent, what came and which key is wanted where a reply is not understood", async () => {
    await withFolder(async (folder) => {
      await withOwnBackend("socket-io", async (port) => {
        const words = [
          "run",
          `ws://127.0.0.1:${port}`,
          "--preset",
          "socket.io",
          "--reply",
          "contains:nothing",
        ];
        const { code, stderr } = await runHere([...words, ...load, "--out", folder]);
        assert.equal(code, 3);
        assert.match(
          stderr,
          /to "42\d{10}\[.*" it said "43\d{10}\[.*": that is no reply as reply has it, nor to be ignored/,
        );
      });
    });
  });

  it("is not put on a config without an upstream of its own, nor on one in a gate", async () => {
    const own = await runHere(["run", "nginx", "--upstream", "as-configured"]);
    assert.deepEqual([own.code, own.stderr.includes("want an arm with a config file")], [2, true]);
    const gate = await runHere(["gate", "--candidate", "x.conf", "--upstream", "as-configured"]);
    assert.deepEqual([gate.code, gate.stderr.includes("Cannot use --upstream with gate")], [2, true]);
  });
});
