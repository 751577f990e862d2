/**
 * HAProxy in the commands that search, wait and judge: what they count, and what they say in its own words.
 */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runDocumentSchema } from "#wsrally/results/run-document.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { capacityOf } from "./capacity-of.js";
import { makeRepository, type ScratchRepository } from "./gate-repository.js";
import { load, parseGate } from "./gate-scratch.js";

const file = "deploy/haproxy.cfg";
const config = `global
  maxconn 500
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tunnel 1h
frontend web
  bind :80
  default_backend sockets
backend sockets
  server app app.internal:9000
`;

describe("haproxy in a search", () => {
  it("meets the room of its servers where it was foretold", async () => {
    await withFolder(async (out) => {
      const room = ["--set", "server maxconn=60", "--set", "timeout queue=300ms"];
      const { code, stdout, stderr } = await runHere([
        ...["capacity", "haproxy", ...room, "--by", "connections", "--hold", "0.2", "--most", "100"],
        ...["--json", "--out", out],
      ]);
      assert.equal(code, 0, stderr);
      const { capacity } = capacityOf(stdout);
      const limit = capacity.limits.find(({ name }) => name === "server-maxconn");
      assert.equal(limit?.foretold, 60);
      assert.match(limit?.directive ?? "", /maxconn 60/);
      assert.doesNotMatch(JSON.stringify(capacity.limits), /@wsrally/);
      assert.equal(capacity.connections?.stoppedBy?.limit, "server-maxconn");
      assert.equal(capacity.connections?.value, 60);
      assert.equal(limit?.measured, 60);
    });
  });

  it("has its own directives in a plan, and its threads told one by one", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere([
        ...["capacity", "haproxy", "--set", "nbthread=2", "--connections", "40", "--slo", "failures == 0"],
        ...["--duration", "0.2", "--warmup", "0.1", "--plan", "100000x1", "--max-seconds", "4"],
        ...["--json", "--out", out],
      ]);
      assert.ok([0, 3, 20].includes(code ?? -1), stderr);
      const { document, capacity } = capacityOf(stdout);
      assert.equal(capacity.workers, 2);
      const threads = capacity.steps.flatMap(({ trial }) => trial.proxyCost?.workers ?? []);
      assert.ok(
        threads.some(({ title }) => /\(a thread\)$/.test(title ?? "")),
        JSON.stringify(threads),
      );
      // One that was too busy to measure anything has no plan.
      if (capacity.plan === null) return;
      const directives = capacity.plan.directives?.join("\n") ?? "";
      assert.match(directives, /^maxconn 1\d{5} /m);
      assert.match(directives, new RegExp(`^nbthread ${capacity.plan.workers}$`, "m"));
      const { stdout: shown } = await runHere(["report", join(out, document.runId)]);
      assert.match(shown, /^ {4}nbthread \d+$/m);
    });
  });
});

describe("haproxy in a soak", () => {
  it("is watched while its connections come and go, and loses none", async () => {
    await withFolder(async (out) => {
      const { code, stdout, stderr } = await runHere([
        ...["soak", "haproxy", "--for", "3s", "--window", "0.5s", "--connections", "30", "--rate", "300"],
        ...["--churn", "60", "--json", "--out", out],
      ]);
      assert.equal(code, 0, stderr);
      const { soak } = runDocumentSchema.parse(JSON.parse(stdout));
      assert.ok(soak !== undefined);
      const { windows } = soak;
      assert.equal(windows.length, 6);
      const { clientSent, clientReceived, backendReceived, backendSent } = soak.accounting ?? {};
      assert.deepEqual([clientReceived, backendReceived, backendSent], [clientSent, clientSent, clientSent]);
      const sum = (pick: (window: (typeof windows)[number]) => number): number =>
        windows.reduce((total, window) => total + pick(window), 0);
      assert.ok(sum(({ connections }) => connections.churned) > 60);
      assert.deepEqual([soak.failures, sum(({ connections }) => connections.lost)], [[], 0]);
    });
  });
});

interface Gated {
  readonly repository: ScratchRepository;
  gate(...args: readonly string[]): ReturnType<typeof runHere>;
}

function inRepository(work: (gated: Gated) => Promise<void>): () => Promise<void> {
  return () =>
    withFolder((folder) => {
      const repository = makeRepository(join(folder, "repository"), { [file]: config });
      const sides = ["--baseline", `main:${file}`, "--candidate", file, "--json"];
      return work({
        repository,
        gate: (...args) =>
          runHere(["gate", ...sides, ...args, "--out", join(folder, "results")], { cwd: repository.path }),
      });
    });
}

describe("a gate before an haproxy.cfg in git", () => {
  it(
    "passes what comes to the same config, and does not fail what carries as well",
    inRepository(async ({ repository, gate }) => {
      repository.change(file, (text) => `# Sockets of the app.\n${text}`);
      const same = await gate();
      assert.equal(same.code, 0, same.stderr);
      assert.equal(parseGate(same).gate.pairs[0]?.sameConfig, true);
      repository.change(file, (text) => text.replace("maxconn 500", "maxconn 600"));
      const other = await gate(...load, "--budget", "4s", "--inconclusive", "pass");
      assert.equal(other.code, 0, other.stderr);
      const { gate: found, scenario } = parseGate(other);
      assert.notEqual(found.outcome, "failed");
      assert.deepEqual(
        scenario.arms.map(({ arm }) => arm),
        [`haproxy:main:${file}`, `haproxy:${file}`],
      );
    }),
  );

  it(
    "fails what loses the upgrade, and what HAProxy refuses, in its own words and without measuring",
    inRepository(async ({ repository, gate }) => {
      repository.change(file, (text) =>
        text.replace("  default_backend", "  http-request del-header Upgrade\n  default_backend"),
      );
      const lost = await gate();
      assert.equal(lost.code, 20, lost.stderr);
      const { gate: found, arms } = parseGate(lost);
      assert.deepEqual(found.causes, [{ kind: "finding", candidate: "candidate", about: "upgrade-headers" }]);
      assert.match(JSON.stringify(found.pairs[0]?.regressions), /http-request del-header Upgrade.*:11/);
      assert.deepEqual(arms, []);
      repository.change(file, (text) =>
        text.replace("backend sockets\n  server", "backend sockets\n  balance sideways\n  server"),
      );
      const broken = await gate();
      assert.equal(broken.code, 20, broken.stderr);
      const [refusal] = parseGate(broken).gate.pairs[0]?.regressions ?? [];
      assert.match(JSON.stringify(refusal), /haproxy\.cfg:13: balance only supports/);
    }),
  );

  it(
    "runs nothing of a hostile one, and reads nothing beside the repository",
    inRepository(async ({ repository, gate }) => {
      const ran = join(repository.path, "..", "ran");
      writeFileSync(join(repository.path, "..", "run.sh"), `#!/bin/sh\ntouch ${ran}\n`, { mode: 0o755 });
      repository.change(file, (text) =>
        text
          .replace(
            "  maxconn 500",
            "  maxconn 500\n  external-check\n  insecure-fork-wanted\n  lua-load ../../run.sh",
          )
          .replace(
            "  server app app.internal:9000",
            "  option external-check\n  external-check command ../../run.sh\n  server app app.internal:9000 check",
          ),
      );
      const left = await gate();
      assert.equal(left.code, 0, left.stderr);
      assert.equal(parseGate(left).gate.pairs[0]?.sameConfig, true, "nothing is left of it");
      repository.change(file, (text) => text.replace("  bind", "  acl a path -f ../../run.sh\n  bind"));
      const read = await gate();
      assert.equal(read.code, 2, read.stderr);
      assert.match(read.stderr, /haproxy\.cfg:10: .*\.\.\/\.\.\/run\.sh lies outside of/);
      assert.equal(existsSync(ran), false);
    }),
  );
});
