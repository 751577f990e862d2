/**
 * What a config says of processors and priorities has no say in a run that places its parts, and what moves a part
 * behind the run's back shows.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { cpuAffinityOf, setCpuAffinity } from "#wsrally/linux/cpu-affinity.js";
import { type TaskPlace, taskPlaces } from "#wsrally/proxy/proc-files.js";
import type { ScenarioInput } from "#wsrally/scenario/scenario.js";
import { readMachineLimits } from "#wsrally/trial/check-limits.js";
import { misplacedSince } from "#wsrally/trial/check-placement.js";
import type { Placement } from "#wsrally/trial/placement.js";
import type { PreparedArm } from "#wsrally/trial/prepare-arms.js";
import { trialRunner } from "#wsrally/trial/run-series.js";
import { outsideBlocks } from "#wsrally/trial/series.js";
import type { TrialRecord } from "#wsrally/trial/trial-record.js";
import { type Stage, withStage } from "#wsrally/trial/with-stage.js";
import { resolveAsWritten } from "../support/resolve-as-written.js";
import { nginxWorkers } from "../support/trial-bench.js";

const folder = mkdtempSync(join(tmpdir(), "wsrally-placed-"));
after(() => rmSync(folder, { recursive: true }));

function configFile(main: string): string {
  const file = join(folder, "site.conf");
  writeFileSync(
    file,
    `${main}
events { worker_connections 1024; }
http { server { listen 80; location / {
  proxy_pass http://127.0.0.1:9; proxy_http_version 1.1;
  proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
} } }`,
  );
  return file;
}

interface Staged {
  readonly arm: PreparedArm;
  readonly stage: Stage;
  /** One short trial; `measured` is called once, while it is measured. */
  trial(measured?: () => void): Promise<TrialRecord>;
}

async function onStage(main: string, input: Partial<ScenarioInput>, test: (staged: Staged) => Promise<void>) {
  const scenario = resolveAsWritten(
    { arms: [`nginx:${configFile(main)}`], ...input },
    { name: "t", overrides: { connections: 10, rate: 500, split: false } },
  );
  const { signal } = new AbortController();
  const observer = { sentAside: () => undefined };
  const settings = { scenario, threads: 1, limits: readMachineLimits(), holdsAll: true, observer, signal };
  await withStage(settings, async (stage) => {
    const [arm] = stage.arms;
    assert.ok(arm !== undefined);
    const run = trialRunner({ ...stage, seed: 1, signal, observer });
    const load = { ratePerS: 500, warmupS: 0.1, durationS: 0.6 };
    await test({
      arm,
      stage,
      trial(measured = () => undefined) {
        let isTold = false;
        return run(arm, load, outsideBlocks, (phase) => {
          if (phase !== "measure" || isTold) return;
          isTold = true;
          measured();
        });
      },
    });
  });
}

function placementOf(stage: Stage): Required<{ [Part in keyof Placement]: readonly number[] }> {
  const { proxy, generator, backend } = stage.placement;
  assert.ok(proxy !== null && generator !== null && backend !== null, "these tests run on two processors");
  return { proxy, generator, backend };
}

function misplacedIn({ generator }: TrialRecord): string[] {
  return generator.reasons.filter((reason) => reason.endsWith("-misplaced"));
}

/** The workers of the only nginx below this process. */
function workers(): number[] {
  const found = nginxWorkers("wsrally");
  assert.ok(found.length > 0, "no nginx worker runs");
  return found;
}

describe("a run that places its parts", () => {
  const main = "worker_cpu_affinity 01; worker_priority 5;";

  it("keeps them to their processors whatever a config says, lists that, and sees who is moved", async () => {
    await onStage(main, {}, async ({ arm, stage, trial }) => {
      const { proxy, generator, backend } = placementOf(stage);
      const changes = arm.proxy.changes.join("\n");
      assert.match(
        changes,
        /^worker_cpu_affinity 01 was left out: .* its processors, and .*site\.conf:1\)$/m,
      );
      assert.match(
        changes,
        /^worker_priority 5 was left out: .* its priority, and `cpus: none` in a scenario/m,
      );

      const allowed = new Map<string, Set<string>>();
      const see = (part: string, pids: readonly number[]): void => {
        const lists = pids.flatMap((pid) => taskPlaces(pid).map((task) => String(task.allowed)));
        allowed.set(part, new Set(lists));
      };
      const nice: number[] = [];
      const undisturbed = await trial(() => {
        see("proxy", workers());
        see("generator", [process.pid]);
        see("backend", arm.backend?.pids ?? []);
        nice.push(...workers().map(niceOf));
      });
      assert.deepEqual(
        [...allowed].map(([part, lists]) => [part, [...lists]]),
        [
          ["proxy", [String(proxy)]],
          ["generator", [String(generator)]],
          ["backend", [String(backend)]],
        ],
      );
      assert.deepEqual(nice, [niceOf(process.pid)]);
      assert.deepEqual(misplacedIn(undisturbed), []);
      assert.deepEqual(undisturbed.misplaced, []);

      const worker = await trial(() => {
        for (const pid of workers()) setCpuAffinity(pid, generator);
      });
      assert.equal(worker.generator.healthy, false);
      assert.deepEqual(misplacedIn(worker), ["proxy-misplaced"]);
      assert.ok(worker.disqualifiedBecause.includes("proxy-misplaced"));
      assert.match(
        worker.misplaced.join("; "),
        /^nginx: worker process \(\d+\) may run on processor \d+, and was given processor \d+$/,
      );

      const [pong = 0] = arm.backend?.pids ?? [];
      const everywhere = cpuAffinityOf(0);
      const moved = await trial(() => {
        setCpuAffinity(pong, proxy);
        setCpuAffinity(0, [...new Set([...proxy, ...generator])].sort());
      });
      setCpuAffinity(pong, backend);
      setCpuAffinity(0, everywhere);
      assert.deepEqual(misplacedIn(moved), ["generator-misplaced", "backend-misplaced"]);
    });
  });

  it("leaves all of it to the config and the system with `cpus: none`", async () => {
    await onStage(main, { cpus: "none" }, async ({ arm, trial }) => {
      assert.doesNotMatch(arm.proxy.changes.join("\n"), /worker_cpu_affinity|worker_priority/);
      const seen: string[] = [];
      const record = await trial(() => {
        for (const pid of workers())
          seen.push(`${taskPlaces(pid).map(({ allowed }) => allowed)} nice ${niceOf(pid)}`);
      });
      assert.deepEqual(seen, ["0 nice 5"]);
      assert.deepEqual(record.misplaced, []);
    });
  });

  it("refuses what its own config would choose", async () => {
    const input = { arms: [{ arm: "nginx", set: { worker_cpu_affinity: "01" } }] } as const;
    await assert.rejects(
      onStage("", { arms: [...input.arms] }, async () => undefined),
      /Cannot set worker_cpu_affinity: .*want `cpus: none` in a scenario/,
    );
  });
});

describe("misplacedSince()", () => {
  const placement = { proxy: [1, 2], generator: [0], backend: null };
  const rows: readonly (readonly [
    what: string,
    before: Partial<TaskPlace>,
    now: Partial<TaskPlace>,
    RegExp | null,
  ])[] = [
    ["is where it was put", {}, { cpu: 2, ranNs: 9 }, null],
    ["may run on a part of that", { allowed: [1] }, { allowed: [1], cpu: 1, ranNs: 9 }, null],
    [
      "may run elsewhere",
      {},
      { allowed: [0, 1, 3] },
      /may run on processors 0-1, 3, and was given processors 1-2$/,
    ],
    ["could run elsewhere at first", { allowed: [0] }, {}, /could run on processor 0, and/],
    ["ran elsewhere in between", {}, { cpu: 3, ranNs: 9 }, /ran on processor 3, and/],
    ["slept where it was before it was moved", { cpu: 3 }, { cpu: 3 }, null],
    ["cannot be told to have run", { ranNs: null }, { cpu: 3, ranNs: null }, null],
  ];
  for (const [what, before, now, words] of rows) {
    it(`${words === null ? "takes no offence at" : "names"} a thread that ${what}`, () => {
      const usual: TaskPlace = { tid: 7, allowed: [1, 2], cpu: 1, ranNs: 5 };
      const look = (task: Partial<TaskPlace>) => [
        { part: "proxy" as const, pid: 7, title: "nginx", tasks: [{ ...usual, ...task }] },
      ];
      const found = misplacedSince(look(before), look(now), placement);
      if (words === null) assert.deepEqual(found, []);
      else assert.match(found[0]?.words ?? "nothing", words);
    });
  }
});

/** Field 19 of proc_pid_stat(5). */
function niceOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19 - 3]);
}
