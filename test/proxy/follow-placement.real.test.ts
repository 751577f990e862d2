/**
 * A proxy of threads takes as many processors as its setting says and a run places it on: one unless more are asked for,
 * whatever the machine has.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import type { RunningProxy } from "#wsrally/proxy/proxy.js";
import { workersOf } from "#wsrally/trial/placement.js";
import { never, withBench } from "./support/proxy-bench.js";

function pidsOf(proxy: RunningProxy): number[] {
  return proxy.footprint()?.processes.map(({ pid }) => pid) ?? [];
}

/** What Go was told. */
function goProcessors(proxy: RunningProxy): number {
  const told = pidsOf(proxy).flatMap((pid) => {
    const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
    return /(?:^|\0)GOMAXPROCS=(\d+)/.exec(environment)?.[1] ?? [];
  });
  return Number(told[0]);
}

/** Threads of a name. */
function threadsCalled(proxy: RunningProxy, name: RegExp): number {
  const names = pidsOf(proxy).flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((tid) => readFileSync(`/proc/${pid}/task/${tid}/comm`, "latin1")),
  );
  return names.filter((one) => name.test(one)).length;
}

const rows = [
  ["caddy", "GOMAXPROCS", goProcessors],
  ["traefik", "GOMAXPROCS", goProcessors],
  ["envoy", "concurrency", (proxy: RunningProxy) => threadsCalled(proxy, /^wrk:worker_/)],
] as const;

describe("processors of a proxy of threads", { skip: process.platform !== "linux" }, () => {
  for (const [kind, setting, countOf] of rows) {
    for (const processors of [1, 2]) {
      it(`are ${processors} for ${kind}${processors === 1 ? "" : ` with ${setting}=${processors}`}`, async () => {
        await withBench(async (bench) => {
          const set = processors === 1 ? {} : { [setting]: String(processors) };
          const target = { kind: "proxy", proxy: kind, configFile: null } as const;
          const prepared = await prepareProxy(target, set, bench.setting, never);
          const running = await prepared.start(never);
          try {
            assert.equal(workersOf({ hasProxy: true, proxy: prepared }), processors, "that it is placed on");
            assert.equal(countOf(running), processors, "that it uses");
          } finally {
            await running.stop();
          }
        });
      });
    }
  }
});
