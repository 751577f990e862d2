import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { DryRun } from "#wsrally/results/dry-run-schema.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

function conf(workerConnections: number): string {
  return `worker_processes 1;
events {
  worker_connections ${workerConnections};
}
http {
  server {
    listen 80;
    location / {
      proxy_pass http://127.0.0.1:9;
      proxy_http_version 1.1;
      proxy_read_timeout 1h;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
    }
  }
}
`;
}

interface Configs {
  readonly folder: string;
  readonly small: string;
  readonly large: string;
}

function withConfigs(test: (configs: Configs) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const [small, large] = [join(folder, "small.conf"), join(folder, "large.conf")];
    writeFileSync(small, conf(2048));
    writeFileSync(large, conf(8192));
    await test({ folder, small, large });
  });
}

const noRoom =
  /small has room for 959 \(1,023 one by one\) of 1,000 connections: worker_connections 2048 \(.*small\.conf:3\); want --connections 959 or fewer, or worker_connections 4096/;

describe("a load that a config has no room for", () => {
  it("is refused before it starts, by every command that measures", async () => {
    await withConfigs(async ({ folder, small, large }) => {
      const out = join(folder, "out");
      const commands = [
        ["compare", `large=nginx:${large}`, `small=nginx:${small}`],
        ["run", `small=nginx:${small}`],
        ["soak", `small=nginx:${small}`, "--for", "10m"],
        ["capacity", `small=nginx:${small}`, "--slo", "p99 < 20ms"],
      ];
      for (const command of commands) {
        const { code, stdout, stderr } = await runHere([...command, "--out", out]);
        assert.equal(code, 2, `${command[0]}: ${stderr}`);
        assert.match(stderr, noRoom);
        assert.equal(stdout, "");
      }
      assert.ok(!existsSync(out), "nothing was measured, and nothing is stored");
    });
  });

  it("is seen by a dry run, which says it of every arm and ends as the run would", async () => {
    await withConfigs(async ({ small, large }) => {
      const args = ["compare", `large=nginx:${large}`, `small=nginx:${small}`, "--dry-run"];
      const text = await runHere(args);
      assert.equal(text.code, 2);
      assert.match(text.stdout, /small: 1,000 of 959 connections .*small\.conf:3\) lets in: TOO FEW/s);
      assert.match(text.stderr, noRoom);
      const json = await runHere([...args, "--json"]);
      const { rooms } = JSON.parse(json.stdout) as DryRun;
      assert.deepEqual(
        rooms.map(({ arm, letsIn, isCertain }) => [arm, letsIn, isCertain]),
        [
          ["large", 3839, true],
          ["small", 959, true],
        ],
      );
      const fitting = await runHere([...args, "--connections", "900"]);
      assert.equal(fitting.code, 0, fitting.stderr);
    });
  });

  it("fails a gate whose baseline had room, and stops one whose baseline had none", async () => {
    await withConfigs(async ({ folder, small, large }) => {
      const flags = ["--candidate", small, "--json", "--out", join(folder, "out")];
      const failed = await runHere(["gate", "--baseline", large, ...flags]);
      assert.equal(failed.code, 20, failed.stderr);
      const { gate, arms } = JSON.parse(failed.stdout) as RunDocument;
      assert.deepEqual(arms, []);
      assert.match(gate?.reasons.join("\n") ?? "", /has room for 959 .*\(worker-connections\)/);
      writeFileSync(large, conf(1024));
      const stopped = await runHere(["gate", "--baseline", large, ...flags]);
      assert.equal(stopped.code, 2, stopped.stderr);
      assert.match(stopped.stderr, /has room for 479 .*want --connections 479 or fewer/);
    });
  });
});
