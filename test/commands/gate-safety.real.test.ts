import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type CliResult, startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { configFile, makeRepository, type ScratchRepository, snippetFile } from "./gate-repository.js";

/** Stands in what no config may bring into a report. */
const secret = "8d1f2c";

interface Scene {
  readonly folder: string;
  readonly repository: ScratchRepository;
  gate(...args: readonly string[]): Promise<CliResult>;
}

async function withScene(test: (scene: Scene) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const repository = makeRepository(join(folder, "repository"));
    writeFileSync(join(folder, "secret.conf"), `add_header X ${secret};\n`);
    const results = join(folder, "results");
    await test({
      folder,
      repository,
      gate: (...args) => runHere(["gate", ...args, "--out", results, "--json"], { cwd: repository.path }),
    });
    for (const [file, text] of filesBelow(results)) assert.ok(!text.includes(secret), file);
  });
}

function filesBelow(folder: string): (readonly [file: string, text: string])[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => [file, readFileSync(file, "utf8")] as const);
}

const candidate = ["--no-baseline", "--candidate", configFile];

function assertRefused({ code, stdout, stderr }: CliResult, words: RegExp): void {
  assert.equal(code, 2, stderr);
  assert.match(stderr, words);
  assert.ok(!`${stdout}${stderr}`.includes(secret), stderr);
  assert.doesNotMatch(`${stdout}${stderr}`, /root:x?:|^\s+at /m);
}

describe("wsrally gate, with a pull request from a stranger", () => {
  it("reads nothing outside of the repository, by whatever way it is named", async () => {
    await withScene(async ({ repository, gate }) => {
      const ways: [string, RegExp][] = [
        ["include ../../secret.conf;", /web.*\.conf:1: include \.\.\/\.\.\/secret\.conf lies outside/],
        ["include /etc/passwd;", /websocket\.conf:1: include \/etc\/passwd lies outside/],
        ["include link.conf;", /include link\.conf lies outside/],
      ];
      symlinkSync("../../secret.conf", join(repository.path, "deploy/link.conf"));
      repository.git("add", "deploy/link.conf");
      for (const [line, words] of ways) {
        repository.write(snippetFile, `${line}\n`);
        assertRefused(await gate(...candidate), words);
      }
    });
  });

  it("publishes nothing that is not in git, and does not tell whether it is there", async () => {
    await withScene(async ({ folder, repository, gate }) => {
      repository.write(".gitignore", "*.env\n");
      const links = { "deploy/out.conf": "../../none.conf", "deploy/in.conf": "job.env" };
      for (const [link, target] of Object.entries(links)) symlinkSync(target, join(repository.path, link));
      repository.git("add", "-A");
      const things = {
        "job.env": join(repository.path, "deploy/job.env"),
        "out.conf": join(folder, "none.conf"),
        "in.conf": join(repository.path, "deploy/job.env"),
      };
      const sees = async (line: string): Promise<readonly [number | null, string]> => {
        repository.write(snippetFile, `${line}\n`);
        const { code, stdout, stderr } = await gate(...candidate);
        assert.ok(!`${stdout}${stderr}`.includes(secret), line);
        const { gate: found } = stdout === "" ? { gate: null } : JSON.parse(stdout);
        return [code, JSON.stringify([found?.reasons, found?.pairs, stderr.split("\n").at(-2)])];
      };
      for (const [name, file] of Object.entries(things)) {
        writeFileSync(file, `add_header X ${secret};\n`);
        const there = await sees(`include ${name};`);
        rmSync(file);
        assert.deepEqual(there, await sees(`include ${name};`), name);
        assert.equal(there[0], name === "out.conf" ? 2 : 20);
        if (name !== "out.conf")
          assert.match(there[1], /git tracks no such file.*git add .*\/deploy\/(job\.env|in\.conf)/s);
      }
      assert.equal((await sees("include ../.git/config;"))[0], 20);
      repository.write("deploy/new.conf", "events {}");
      assertRefused(
        await gate("--no-baseline", "--candidate", "deploy/new.conf"),
        /Cannot read the nginx config deploy\/new\.conf: git does not track it.*`git add deploy\/new\.conf` or --allow-includes DIR/,
      );
    });
  });

  it("reads nothing outside for an arm that a matrix makes another of", async () => {
    await withScene(async ({ repository, gate }) => {
      repository.write(snippetFile, "include ../../secret.conf;\n");
      repository.write(
        "ci.yaml",
        `arms: ["base=nginx:main:${configFile}", "new=nginx:${configFile}"]\ndirect: true\nmatrix: { payload: [64, 128] }\n`,
      );
      assertRefused(await gate("--scenario", "ci.yaml"), /secret\.conf lies outside/);
    });
  });

  it("reads no environment for a scenario, and no data from outside", async () => {
    await withScene(async ({ repository, folder, gate }) => {
      writeFileSync(join(folder, "users.csv"), `token\n${secret}\n`);
      const arms = `arms: ["nginx:main:${configFile}", "new=nginx:${configFile}"]\n`;
      const scenarios = [
        [
          `workload: { header: ["A: 1", "X: \${env:HOME}"] }`,
          /asks for \$\{env:HOME\}.*reads nothing of this environ/,
        ],
        [`workload: { path: "/s?t=\${env:HOME}" }`, /asks for \$\{env:HOME\}/],
        [
          `workload: { data: ../users.csv, header: "X: {{token}}" }`,
          /the data \.\.\/users\.csv lies outside of/,
        ],
        [`workload: { data: new.csv, header: "X: {{token}}" }`, /data new\.csv: no file that git tracks/],
        [`workload: { data: link.csv, header: "X: {{token}}" }`, /the data link\.csv lies outside of/],
      ] as const;
      symlinkSync(join(folder, "users.csv"), join(repository.path, "link.csv"));
      repository.git("add", "link.csv");
      repository.write("new.csv", `token\n${secret}\n`);
      for (const [workload, words] of scenarios) {
        repository.write("ci.yaml", `${arms}${workload}\n`);
        assertRefused(await gate("--scenario", "ci.yaml"), words);
      }
      repository.write("ci.yaml", 'arms: ["ws://127.0.0.1:1/", nginx]\n');
      const given = ["--header", `Authorization: Bearer \${env:HOME}`];
      const words = /Cannot send \$\{env:HOME\} to ws:\/\/127\.0\.0\.1:1\/: a gate's scenario/;
      assertRefused(await gate("--scenario", "ci.yaml", ...given), words);
      assertRefused(await gate(...candidate, "--data", "link.csv"), /the data link\.csv lies outside of/);
    });
  });

  it("does not take a link for the config itself", async () => {
    await withScene(async ({ repository, gate }) => {
      rmSync(join(repository.path, configFile));
      symlinkSync("../../secret.conf", join(repository.path, configFile));
      assertRefused(
        await gate(...candidate),
        /Cannot read the nginx config deploy\/nginx\.conf: it leads out of/,
      );
      rmSync(join(repository.path, "deploy"), { recursive: true });
      symlinkSync("..", join(repository.path, "deploy"));
      assertRefused(await gate("--no-baseline", "--candidate", "deploy/secret.conf"), /leads out of/);
      repository.write("ci.yaml", "arms: [nginx:../secret.conf]\n");
      assertRefused(await gate("--scenario", "ci.yaml"), /leads out of/);
    });
  });

  it("holds the baseline of a git ref to the same, and starts no program that the repository names", async () => {
    await withScene(async ({ folder, repository, gate }) => {
      symlinkSync("/etc/passwd", join(repository.path, "deploy/absolute.conf"));
      symlinkSync("../../secret.conf", join(repository.path, "deploy/relative.conf"));
      repository.write(".gitattributes", "*.conf diff=evil filter=evil\n");
      const lines = [
        "include relative.conf;",
        "include absolute.conf;",
        "include ../../../../../../etc/passwd;",
      ];
      for (const [index, line] of lines.entries()) {
        repository.write(snippetFile, `${line}\n`);
        repository.git("add", "-A");
        repository.git("commit", "-qm", "links");
        repository.git("tag", `evil${index}`);
      }
      repository.git("checkout", "-q", "main");
      const mark = join(folder, "ran");
      const script = join(folder, "evil.sh");
      writeFileSync(script, `#!/bin/sh\ntouch ${mark}\ncat\n`, { mode: 0o755 });
      for (const name of [
        "core.fsmonitor",
        "diff.evil.textconv",
        "diff.external",
        "filter.evil.smudge",
        "core.pager",
      ])
        repository.git("config", name, script);
      for (const index of lines.keys()) {
        const { code, stdout, stderr } = await gate(
          "--no-baseline",
          "--candidate",
          `evil${index}:${configFile}`,
        );
        assert.notEqual(code, 0);
        assert.match(`${stdout}${stderr}`, /failed \(2: No such file|lies outside of/);
        assert.doesNotMatch(`${stdout}${stderr}`, new RegExp(`root:x?:|${secret}`));
      }
      assert.ok(!existsSync(mark));
    });
  });

  it("writes no file of a ref outside of its private folder, though its tree says so", async () => {
    await withScene(async ({ folder, repository, gate }) => {
      const blob = execFileSync("git", ["hash-object", "-w", "--stdin"], {
        cwd: repository.path,
        input: "x 1;",
      });
      const object = Buffer.from(blob.toString().trim(), "hex");
      const tree = (entries: Buffer): string =>
        execFileSync("git", ["hash-object", "-t", "tree", "--literally", "-w", "--stdin"], {
          cwd: repository.path,
          input: entries,
          encoding: "utf8",
        }).trim();
      const inner = tree(Buffer.concat([Buffer.from("100644 escaped.conf\0"), object]));
      const outer = tree(Buffer.concat([Buffer.from("40000 ..\0"), Buffer.from(inner, "hex")]));
      const commit = repository.git("commit-tree", outer, "-m", "evil").trim();
      repository.git("branch", "evil", commit);
      assertRefused(
        await gate("--baseline", "evil:../escaped.conf", "--candidate", configFile),
        /Cannot find/,
      );
      assert.ok(!existsSync(join(folder, "escaped.conf")));
    });
  });

  it("runs nginx as nobody and without the job's secrets, with a folder let in that its user names", async (t) => {
    if (process.platform !== "linux") return t.skip("no /proc");
    await withScene(async ({ folder, repository, gate }) => {
      mkdirSync(join(folder, "shared"));
      writeFileSync(join(folder, "shared/ws.conf"), readFileSync(join(repository.path, snippetFile)));
      repository.change(configFile, (text) => `env GITHUB_TOKEN;\nuser root;\n${text}`);
      repository.write(snippetFile, "include ../../shared/ws.conf;\n");
      assertRefused(await gate(...candidate), /--allow-includes DIR lets it/);
      const args = ["gate", ...candidate, "--allow-includes", "../shared", "--out", join(folder, "results")];
      const running = startCli(args, { cwd: repository.path, env: { GITHUB_TOKEN: secret } });
      let seen = 0;
      while (running.child.exitCode === null) {
        for (const pid of nginxBelow(running.child.pid ?? 0)) {
          try {
            const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
            const user = /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
            // Between fork and exec it is still who started it.
            if (!readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("nginx")) continue;
            assert.ok(!environment.includes(secret));
            assert.notEqual(user, "0");
            seen++;
          } catch (thrown) {
            if (
              (thrown as NodeJS.ErrnoException).code !== "ENOENT" &&
              (thrown as NodeJS.ErrnoException).code !== "ESRCH"
            )
              throw thrown;
          }
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const { code, stderr } = await running.result;
      assert.equal(code, 0, stderr);
      assert.ok(seen > 0);
    });
  });
});

/** nginx processes that a process started, at whatever remove. */
function nginxBelow(ancestor: number): number[] {
  const parents = new Map<number, number>();
  const found: number[] = [];
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "latin1");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
      if (/^\d+ \(nginx/.test(stat)) found.push(Number(name));
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && parent !== 0 && (parent === ancestor || isBelow(parent));
  };
  return found.filter(isBelow);
}
