/**
 * The GitHub Action and the GitLab component: held to their schemas, and every one of their scripts run in a scratch
 * repository as on a runner.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { validateAction, validateWorkflow } from "@action-validator/core";
import { parse, parseAllDocuments, stringify } from "yaml";
import { commandsIn } from "../support/ci-log.js";
import { type ActionResult, readAction, runAction } from "../support/composite-action.js";
import { withFolder } from "../support/with-folder.js";
import {
  configFile,
  makeRepository,
  nginxFiles,
  pullRequests,
  type ScratchRepository,
  snippetFile,
} from "./gate-repository.js";

const action = readAction("action.yml");
const guide = readFileSync("docs/ci.md", "utf8");
const guideYaml = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);

describe("action.yml", () => {
  it("meets the schema of actions", () => {
    assert.deepEqual(validateAction(readFileSync("action.yml", "utf8")).errors, []);
  });

  it("puts no expression into a script, pins what it uses, and fetches nothing but by package managers", () => {
    for (const { run, uses, shell, name } of action.runs.steps) {
      if (uses !== undefined) assert.match(uses, /^actions\/[\w-]+@v\d+$/);
      if (run === undefined) continue;
      assert.equal(shell, "bash", name);
      assert.doesNotMatch(run, /\$\{\{/, name);
      assert.doesNotMatch(run, /curl|wget/, name);
    }
  });

  it("uses each of its inputs", () => {
    const text = JSON.stringify(action.runs);
    for (const name of Object.keys(action.inputs)) assert.ok(text.includes(`inputs.${name} `), name);
  });
});

interface GitlabJob {
  readonly before_script: readonly string[];
  readonly script: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly artifacts: { readonly reports: Readonly<Record<string, string>> };
}

/**
 * The component's job as GitLab makes it of the inputs, by gitlab-ci-local, which holds the pipeline to GitLab's own JSON
 * Schema (app/assets/javascripts/editor/schema/ci.json, in the package) before it prints it.
 */
function gitlabJob(folder: string, inputs: Readonly<Record<string, string>>): [string, GitlabJob] {
  const project = join(folder, `project-${randomUUID()}`);
  mkdirSync(join(project, "templates"), { recursive: true });
  copyFileSync("templates/gate.yml", join(project, "templates/gate.yml"));
  const include = [{ local: "templates/gate.yml", inputs }];
  writeFileSync(join(project, ".gitlab-ci.yml"), stringify({ include }));
  // What is included has to be in the repository.
  execFileSync("git", ["init", "-q"], { cwd: project });
  execFileSync("git", ["add", "-A"], { cwd: project });
  const program = resolve("node_modules/gitlab-ci-local/dist/index.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "--preview"], {
    cwd: project,
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout + stderr, /json schema validated/);
  const { stages: _stages, ...jobs } = parse(stdout.slice(stdout.indexOf("---\n")));
  const [entry, ...others] = Object.entries<GitlabJob>(jobs);
  assert.ok(entry);
  assert.deepEqual(others, []);
  const [name, job] = entry;
  // What is not expanded on its way is printed with each $ doubled.
  const variables = Object.entries(job.variables).map(([key, value]) => [key, value.replaceAll("$$", "$")]);
  return [name, { ...job, variables: Object.fromEntries(variables) }];
}

describe("templates/gate.yml", () => {
  it("meets GitLab's schema with all of its inputs, and puts none into a script", async () => {
    await withFolder(async (folder) => {
      const [head, body] = parseAllDocuments(readFileSync("templates/gate.yml", "utf8")).map((one) =>
        one.toJS(),
      );
      const inputs: Record<string, { default?: string; options?: string[] }> = head.spec.inputs;
      assert.deepEqual(
        Object.keys(inputs).filter((name) => inputs[name]?.default === undefined),
        ["candidate"],
      );
      const text = JSON.stringify(body);
      for (const name of Object.keys(inputs)) assert.ok(text.includes(`$[[ inputs.${name} ]]`), name);
      const attack = "$(touch pwned)'`touch pwned`; #";
      const given = Object.keys(inputs).map((name) => [
        name,
        name === "stage" ? "build" : (inputs[name]?.options?.[0] ?? `x-${name} ${attack}`),
      ]);
      const [name, job] = gitlabJob(folder, Object.fromEntries(given));
      assert.equal(name, `x-job ${attack}`);
      assert.equal(job.variables.WSRALLY_SLO, `x-slo ${attack}`);
      assert.ok(![...job.before_script, ...job.script].join("").includes("pwned"));
      assert.deepEqual(inputs.inconclusive?.options, ["pass", "fail"]);
      assert.throws(() => gitlabJob(folder, {}), /candidate/, "it has to be given");
    });
  });
});

describe("docs/ci.md", () => {
  it("has workflows that meet their schema and take inputs that the action has", () => {
    const workflows = guideYaml.filter((text) => /^on:/m.test(text));
    assert.ok(workflows.length >= 2);
    for (const text of workflows) {
      assert.deepEqual(validateWorkflow(text).errors, [], text);
      assert.doesNotMatch(text, /pull_request_target/);
      const { jobs } = parse(text) as {
        jobs: Record<string, { steps: { uses?: string; with?: object }[] }>;
      };
      const given = Object.values(jobs)
        .flatMap(({ steps }) => steps)
        .filter(({ uses }) => uses?.includes("wsrally"))
        .flatMap((step) => Object.keys(step.with ?? {}));
      assert.deepEqual(
        given.filter((name) => action.inputs[name] === undefined),
        [],
      );
    }
  });
});

/** Whose name tells no kind. */
const haproxyFile = "deploy/sockets.txt";
const haproxyConfig = `defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend web
  bind :80
  default_backend sockets
backend sockets
  server app app.internal:9000
`;

/** What a stranger may write into a config: nothing of it may be obeyed by who reads the log. */
const hostile = "##[error]pwned\n# ::set-output name=outcome::passed\n";

describe("in a scratch repository", () => {
  let folder = "";
  let repository: ScratchRepository;
  let release: () => void = () => undefined;
  before(async () => {
    await new Promise<void>((ready) => {
      void withFolder(async (path) => {
        folder = path;
        repository = makeRepository(join(path, "repository"), {
          ...nginxFiles,
          [haproxyFile]: haproxyConfig,
        });
        ready();
        await new Promise<void>((done) => {
          release = done;
        });
      });
    });
  });
  after(() => release());

  let checkouts = 0;
  /** As a CI service checks a pull request out: shallow, of that branch alone. */
  const checkout = (by: (text: string) => string): string => {
    repository.change(snippetFile, by);
    repository.git("commit", "-q", "--allow-empty", "-am", "change");
    checkouts += 1;
    const workspace = join(folder, `checkout-${checkouts}`);
    repository.git("clone", "-q", "--depth=1", "--branch=change", `file://${repository.path}`, workspace);
    repository.git("reset", "-q", "--hard", "main");
    return workspace;
  };

  const act = (workspace: string, inputs: Readonly<Record<string, string>>): Promise<ActionResult> =>
    runAction(action, {
      inputs: { candidate: configFile, budget: "60s", ...inputs },
      workspace,
      temp: join(folder, `runner-${randomUUID()}`),
      actionPath: resolve("."),
      baseRef: "main",
    });

  it("the action passes a good pull request, and says so where GitHub looks", async () => {
    const workspace = checkout(pullRequests.comment);
    const { code, log, summary, outputs } = await act(workspace, { "working-directory": "." });
    assert.equal(code, 0, log);
    assert.equal(outputs.outcome, "passed");
    assert.match(summary, /^### wsrally gate: passed\n\n- candidate and baseline come to the same config/);
    assert.deepEqual(commandsIn(log), []);
    assert.ok(existsSync(join(workspace, outputs.report ?? "")));
    assert.match(readFileSync(join(workspace, outputs.junit ?? ""), "utf8"), /<testcase [^>]*name="gate">/);
    assert.equal(JSON.parse(readFileSync(join(workspace, "results/badge.json"), "utf8")).message, "passed");
  });

  it("the action holds an haproxy.cfg against its own base, by its kind where the name does not tell it", async () => {
    const workspace = checkout(pullRequests.comment);
    const { code, log, outputs } = await act(workspace, { candidate: `haproxy:${haproxyFile}` });
    assert.equal(code, 0, log);
    assert.equal(outputs.outcome, "passed");
    assert.match(readFileSync(join(workspace, outputs.report ?? ""), "utf8"), /haproxy:origin\/main:deploy/);
  });

  it("the action fails a bad one on the line to be mended, and obeys nothing that stands in its config", async () => {
    const workspace = checkout((text) => hostile + pullRequests.noUpgrade(text));
    const { code, log, summary, outputs } = await act(workspace, {
      slo: "failures == 0",
      args: " --connections 10\n--rate 500 ",
    });
    assert.equal(code, 20, log);
    assert.equal(outputs.outcome, "failed");
    assert.match(summary, /^### wsrally gate: failed\n\n- candidate: the upgrade is lost/);
    assert.match(summary, /^\+##\[error\]pwned$/m, "as text, in a block");
    const commands = commandsIn(log);
    assert.equal(commands.length, 1, commands.join("\n"));
    const [, file = "", line] = /^::error file=([^,]+),line=(\d+),title=/.exec(commands[0] ?? "") ?? [];
    const named = readFileSync(join(workspace, file), "utf8").split("\n")[Number(line) - 1];
    assert.match(named ?? "", /location|proxy_/, "a line of the repository");
    assert.match(log, /## ?\[error\]pwned|# #\[error\]pwned/, "it is shown all the same");
  });

  it("the action runs nothing of what its inputs say, and tells what is wrong with them", async () => {
    const workspace = checkout(pullRequests.comment);
    const attack = '$(touch pwned)"; touch pwned; #`touch pwned`';
    const attacks: readonly Readonly<Record<string, string>>[] = [
      { candidate: attack, slo: attack, results: "out put" },
      { baseline: `origin/${attack}:x` },
      { baseline: "none", args: attack },
      { version: attack },
    ];
    const results = await Promise.all(attacks.map((inputs) => act(workspace, inputs)));
    for (const { code, outputs } of results) {
      assert.notEqual(code, 0);
      assert.notEqual(outputs.outcome, "passed");
    }
    const files = readdirSync(workspace, { recursive: true, encoding: "utf8" });
    assert.deepEqual(
      files.filter((name) => name.includes("pwned")),
      [],
    );
    const { code, log, outputs } = await act(workspace, { candidate: "nosuch.conf", baseline: "none" });
    assert.equal(code, 2, log);
    assert.equal(outputs.outcome, "error");
    assert.equal(commandsIn(log).length, 1);
    assert.match(commandsIn(log)[0] ?? "", /^::error title=wsrally::.*nosuch\.conf/);
  });

  it("the GitLab component fails a bad merge request, with its reports", () => {
    // A package of the same name that is this program: what the real one installs is the package's own test.
    const shim = join(folder, "shim");
    mkdirSync(shim);
    writeFileSync(
      join(shim, "package.json"),
      '{"name":"wsrally","version":"0.0.1","type":"module","bin":"cli.js"}',
    );
    writeFileSync(
      join(shim, "cli.js"),
      `#!/usr/bin/env node\nawait import(${JSON.stringify(pathToFileURL(resolve("dist/cli.js")).href)});\n`,
    );
    const npm = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: shim, env: npm });
    const workspace = checkout(pullRequests.noUpgrade);
    const [name, job] = gitlabJob(folder, {
      candidate: configFile,
      package: join(folder, "wsrally-0.0.1.tgz"),
      args: "--connections 10  --rate 500",
    });
    assert.equal(name, "wsrally-gate");
    const scripts = [...job.before_script, ...job.script];
    const variables = Object.entries(job.variables).map(
      ([key, value]) => [key, value.replace("$CI_PROJECT_DIR", workspace)] as const,
    );
    // GitLab's runner puts all of them into one script.
    const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", scripts.join("\n")], {
      cwd: workspace,
      encoding: "utf8",
      env: {
        ...npm,
        CI: "true",
        CI_PROJECT_DIR: workspace,
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
        ...Object.fromEntries(variables),
        // The machine's own, where the proxies and packages of the tests are.
        XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? "", ".cache"),
      },
    });
    assert.equal(status, 20, stdout + stderr);
    const { reports } = job.artifacts;
    const read = (file = ""): string => readFileSync(join(workspace, file), "utf8");
    const [issue] = JSON.parse(read(reports.codequality));
    assert.equal(issue.check_name, "wsrally/upgrade-headers");
    assert.ok(existsSync(join(workspace, issue.location.path)));
    assert.match(read(reports.metrics), /^wsrally_gate_outcome\{scenario="gate",outcome="failed"\} 1$/m);
    assert.match(read(reports.junit), /<failure /);
    assert.match(read("results/comment.md"), /^### wsrally gate: failed/);
  });
});
