/**
 * `wsrally init`: what it writes is read by whom it is for, from flags and from answers on a terminal, and nothing that is there is lost.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { validateWorkflow } from "@action-validator/core";
import { parse } from "yaml";
import { InterruptedError } from "#wsrally/base/errors.js";
import { fillDocumentsFolder } from "../support/documents-folder.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";

const printed = async (words: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await runHere(["init", ...words]);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
};

describe("wsrally init, from flags", () => {
  it("writes a scenario that runs, and leaves what is there alone", async () => {
    await withFolder(async (folder) => {
      fillDocumentsFolder(folder);
      const flags = [
        "--arm",
        "old.conf",
        "--arm",
        "new=nginx:new.conf",
        "--connections",
        "2,000",
        "--rate",
        "5k",
      ];
      const args = ["init", "scenario", "load/first.yaml", ...flags, "--slo", "p99 < 20ms"];
      const { code, stdout, stderr } = await runHere(args, { cwd: folder });
      assert.deepEqual([code, stdout], [0, ""]);
      assert.match(stderr, /^Written: load\/first\.yaml\. wsrally run load\/first\.yaml --dry-run/);
      const { workload, arms, slo } = parse(readFileSync(join(folder, "load/first.yaml"), "utf8"));
      assert.deepEqual(
        { workload, arms, slo },
        {
          workload: { connections: "2,000", rate: "5k" },
          arms: ["nginx:old.conf", "new=nginx:new.conf"],
          slo: ["p99 < 20ms"],
        },
      );
      const dry = await runHere(["run", "load/first.yaml", "--dry-run"], { cwd: folder });
      assert.equal(dry.code, 0, dry.stderr);
      assert.match(dry.stdout, /2,000/);
      const again = await runHere(args, { cwd: folder });
      assert.deepEqual(
        [again.code, again.stderr.split(";")[0]],
        [2, "Cannot write load/first.yaml: it is there already"],
      );
      assert.equal((await runHere([...args, "--force"], { cwd: folder })).code, 0);
      // What a link leads to is not written either, there or not.
      symlinkSync(join(folder, "elsewhere"), join(folder, "link.yaml"));
      const link = ["init", "scenario", "link.yaml", "--arm", "nginx"];
      assert.equal((await runHere(link, { cwd: folder })).code, 2);
      assert.equal((await runHere([...link, "--force"], { cwd: folder })).code, 0);
      assert.equal(existsSync(join(folder, "elsewhere")), false);
      const inTheWay = await runHere(["init", "scenario", "old.conf/x.yaml", "--arm", "nginx"], {
        cwd: folder,
      });
      assert.equal(inTheWay.code, 3, inTheWay.stderr);
    });
  });

  it("writes a workflow that meets GitHub's schema, whose gate begins", async () => {
    const text = await printed(["github", "-", "--arm", "nginx:deploy/nginx.conf", "--slo", "failures == 0"]);
    assert.deepEqual(validateWorkflow(text).errors, []);
    const { env, steps } = parse(text).jobs.gate;
    assert.match(env.BASELINE, /^nginx:origin\/\$\{\{ github\.base_ref \}\}:deploy\/nginx\.conf$/);
    const gate = steps.find(({ name }: { name?: string }) => name === "Gate").run as string;
    const values = { ...env, BASELINE: env.BASELINE.replace(/\$\{\{ github\.base_ref \}\}/, "main") };
    const words = gate
      .replace(/^npx --yes wsrally@\S+ /, "")
      .split(" ")
      .map((word) => word.replace(/^"\$(\w+)"$/, (_, name) => values[name]));
    await withFolder(async (folder) => {
      fillDocumentsFolder(folder);
      const signal = AbortSignal.abort(new InterruptedError("Stopped by the test"));
      const { code, stderr } = await runHere(words, { cwd: folder, signal });
      assert.equal(code, 130, stderr);
    });
  });

  it("writes a job that meets GitLab's schema, and puts no answer into a script", async () => {
    await withFolder(async (folder) => {
      const hostile = "deploy/$(touch pwned).conf";
      const text = await printed(["gitlab", "-", "--arm", hostile, "--max-seconds", "2m"]);
      writeFileSync(join(folder, ".gitlab-ci.yml"), text);
      execFileSync("git", ["init", "-q"], { cwd: folder });
      execFileSync("git", ["add", "-A"], { cwd: folder });
      const program = resolve("node_modules/gitlab-ci-local/dist/index.js");
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, "--preview"], {
        cwd: folder,
        encoding: "utf8",
      });
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout + stderr, /json schema validated/);
      const { script, variables } = parse(text)["wsrally-gate"];
      assert.doesNotMatch(script.join("\n"), /pwned/);
      assert.equal(variables.BUDGET.value, "2m");
      assert.match(variables.BASELINE, /^origin\/\$CI_\w+:deploy\/\$\$\(touch pwned\)\.conf$/);
    });
  });

  const refused: readonly (readonly [args: string, why: RegExp])[] = [
    ["scenario", /^Cannot ask without a terminal: want --arm/],
    ["--arm nginx", /^Cannot tell what to write: want scenario, github, gitlab/],
    ["scenario - --arm ngnix", /did you mean nginx/],
    ["scenario - --arm nginx --arm nginx", /^Cannot make a scenario of this:\nTwo arms are named nginx/],
    ["scenario - --arm nginx --rate fast", /^Cannot use fast for messages a second: want a number a second/],
    ["scenario - --arm nginx --slo p95<3ms", /there is no p95/],
    ["github - --arm a.conf --arm b.conf", /^Cannot gate a\.conf and b\.conf/],
    ["github - --arm wss://example.com/", /^Cannot gate wss:/],
    ["gitlab - --arm a.conf --max-seconds 1y", /want a time/],
  ];
  for (const [args, why] of refused) {
    it(`refuses ${args}`, async () => {
      const { code, stdout, stderr } = await runHere(["init", ...args.split(" ")]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, why);
    });
  }
});

describe("wsrally init, on a terminal", () => {
  /** @param keys typed once the first question stands there @returns what the terminal shows, on one line */
  const typed = async (
    folder: string,
    keys: string,
  ): Promise<{ readonly code: number | null; readonly shown: string }> => {
    const command = `"${process.execPath}" "${resolve("dist/cli.js")}" init`;
    const child = spawn("script", ["-qec", command, "/dev/null"], { cwd: folder, timeout: 30_000 });
    let shown = "";
    let isAsked = false;
    child.stdout.on("data", (data) => {
      shown += data;
      if (!isAsked && shown.includes("]: ")) child.stdin.write(keys);
      isAsked ||= shown.includes("]: ");
    });
    const [code] = await once(child, "close");
    return { code, shown: shown.split(/\s+/).join(" ") };
  };

  it("asks, asks again where an answer cannot be used, and writes", async () => {
    await withFolder(async (folder) => {
      mkdirSync(join(folder, "deploy"));
      writeFileSync(join(folder, "deploy/nginx.conf"), "events {}\n");
      writeFileSync(join(folder, "wsrally.yaml"), "arms: [nginx]\n");
      const answers = ["", "", "nginx", "many", "200", "", "p99 < 20ms", "30s", "", "first.yaml"];
      const { code, shown } = await typed(folder, `${answers.join("\n")}\n`);
      assert.equal(code, 0, shown);
      assert.match(shown, /an arm such as nginx \[deploy\/nginx\.conf\]: /);
      assert.match(shown, /Cannot use many for connections: want a whole number/);
      assert.match(shown, /Cannot write wsrally\.yaml: it is there already/);
      assert.match(shown, /Written: first\.yaml/);
      const { workload, arms, slo } = parse(readFileSync(join(folder, "first.yaml"), "utf8"));
      assert.deepEqual(
        { workload, arms, slo },
        {
          workload: { connections: 200, maxSeconds: "30s" },
          arms: ["nginx:deploy/nginx.conf", "nginx"],
          slo: ["p99 < 20ms"],
        },
      );
    });
  });

  for (const [name, key] of [
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
  ] as const) {
    it(`writes nothing after ${name}`, async () => {
      await withFolder(async (folder) => {
        const { code, shown } = await typed(folder, key);
        assert.equal(code, 130, shown);
        assert.match(shown, /Interrupted; nothing is written/);
        assert.equal(existsSync(join(folder, "wsrally.yaml")), false);
      });
    });
  }
});
