/**
 * A first job for CI that holds the config of a pull request against that of its base: for GitHub Actions, or for GitLab.
 * What the user answered reaches the shell as variables alone.
 */
import { posix } from "node:path";
import { stringify } from "yaml";
import { toolVersion } from "../../base/tool-version.js";
import { readGateFlags } from "../gate/gate-flags.js";
import { readQuestion } from "../gate/gate-sides.js";
import { readWorkloadFlags } from "../workload-flags.js";
import type { Answers } from "./answers.js";

const program = `npx --yes wsrally@${toolVersion}`;

/** Each flag of the gate with the variable that holds its value. */
function variablesOf({ arms, connections, rate, slo, maxSeconds }: Answers): [flag: string, value: string][] {
  const [candidate = ""] = arms;
  const given: [string, string | null][] = [
    ["candidate", candidate],
    ["slo", slo],
    ["budget", maxSeconds],
    ["connections", connections],
    ["rate", rate],
  ];
  return given.flatMap(([flag, value]): [string, string][] => (value === null ? [] : [[flag, value]]));
}

/** The candidate's path on the base branch; its kind stays in front. */
function baselineOf({ arms: [candidate = ""] }: Answers, branch: string): string {
  const [, kind = "", path = candidate] = /^([a-z]+:)?(.*)$/s.exec(candidate) ?? [];
  return `${kind}origin/${branch}:${path}`;
}

function gateLine(variables: readonly (readonly [flag: string, value: string])[], reports: string): string {
  const flags = [...variables.map(([flag]) => flag), "baseline"];
  return `${program} gate ${flags.map((flag) => `--${flag} "$${flag.toUpperCase()}"`).join(" ")} ${reports}`;
}

const installLine = `${program} proxies install --if-missing --for "$CANDIDATE"`;

/** Whether the gate itself would take it. @throws UsageError */
function assertGates(answers: Answers): void {
  const { candidate, slo, ...flags } = Object.fromEntries(variablesOf(answers));
  const gate = {
    candidate: candidate ?? "",
    baseline: baselineOf(answers, "main"),
    ...(slo === undefined ? {} : { slo: [slo] }),
    ...(flags.budget === undefined ? {} : { budget: flags.budget }),
    failOn: "worse",
  } as const;
  readGateFlags(gate);
  readQuestion(gate);
  readWorkloadFlags(flags);
}

/** @throws UsageError for answers that make no gate */
export function githubText(answers: Answers): string {
  assertGates(answers);
  const variables = variablesOf(answers);
  const env = Object.fromEntries(variables.map(([flag, value]) => [flag.toUpperCase(), value]));
  const job = {
    "runs-on": "ubuntu-latest",
    "timeout-minutes": 15,
    env: { ...env, BASELINE: baselineOf(answers, `\${{ github.base_ref }}`) },
    steps: [
      { uses: "actions/checkout@v4" },
      { uses: "actions/setup-node@v4", with: { "node-version": 22 } },
      {
        name: "Fetch one commit of the base branch",
        run: 'git fetch --no-tags --depth=1 origin "+refs/heads/$GITHUB_BASE_REF:refs/remotes/origin/$GITHUB_BASE_REF"',
      },
      { name: "Find the proxy, or fetch one", run: installLine },
      { name: "Gate", run: gateLine(variables, "--report junit=results/junit.xml") },
      {
        uses: "actions/upload-artifact@v4",
        if: "always()",
        with: { name: "wsrally", path: "results", "if-no-files-found": "ignore" },
      },
    ],
  };
  return written(
    {
      name: "WebSockets",
      on: { pull_request: { paths: [watchedPath(answers)] } },
      permissions: { contents: "read" },
      jobs: { gate: job },
    },
    "Holds the proxy config of a pull request against that of its base branch: passed, failed (20) or inconclusive (21).",
  );
}

/** @throws UsageError for answers that make no gate */
export function gitlabText(answers: Answers): string {
  assertGates(answers);
  const variables = variablesOf(answers);
  const branch = "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME";
  const values = Object.fromEntries(
    variables.map(([flag, value]) => [flag.toUpperCase(), { value, expand: false }]),
  );
  const job = {
    stage: "test",
    image: "node:22-bookworm",
    rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"', changes: [watchedPath(answers)] }],
    variables: { ...values, BASELINE: baselineOf(dollarsDoubled(answers), branch), GIT_DEPTH: "1" },
    script: [
      // What is missing is fetched by pip.
      "apt-get update -q && apt-get install -y -q --no-install-recommends python3-pip",
      `git fetch --no-tags --depth=1 origin "+refs/heads/${branch}:refs/remotes/origin/${branch}"`,
      installLine,
      gateLine(
        variables,
        "--report junit=results/junit.xml --report codequality=results/codequality.json --report openmetrics=results/metrics.txt",
      ),
    ],
    artifacts: {
      when: "always",
      paths: ["results"],
      reports: {
        junit: "results/junit.xml",
        codequality: "results/codequality.json",
        metrics: "results/metrics.txt",
      },
    },
  };
  return written(
    { "wsrally-gate": job },
    "Holds the proxy config of a merge request against that of its target branch: passed, failed (20) or inconclusive (21).",
  );
}

/** Of a variable that GitLab expands. */
function dollarsDoubled(answers: Answers): Answers {
  return { ...answers, arms: answers.arms.map((arm) => arm.replaceAll("$", "$$$$")) };
}

/** The config's folder, for what it includes lies there; at the root the config alone. */
function watchedPath({ arms: [candidate = ""] }: Answers): string {
  const path = candidate.replace(/^[a-z]+:/, "");
  const folder = posix.dirname(path);
  return folder === "." ? path : `${folder}/**`;
}

function written(content: object, about: string): string {
  const notes = [about, "Written by wsrally init; wsrally gate --help tells what it can be told besides."];
  return `${notes.map((note) => `# ${note}\n`).join("")}${stringify(content, { lineWidth: 0 })}`;
}
