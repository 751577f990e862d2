import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { findFreePorts } from "#wsrally/proxy/free-port.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import type { ProxySetting } from "#wsrally/proxy/proxy.js";
import { parseArm } from "#wsrally/scenario/arm.js";
import { startCli } from "../support/run-cli.js";
import { runHere } from "../support/run-here.js";
import { withFolder } from "../support/with-folder.js";
import { echoes, eventually, fixturePath, isAlive, never, withBench } from "./support/proxy-bench.js";
import { withStandInDocker } from "./support/with-stand-in-docker.js";

const load = ["--connections", "2", "--rate", "50", "--warmup", "0", "--blocks", "1"];

it("an image's nginx runs unprivileged with its private folder alone, its processes are counted, and nothing of it stays", async () => {
  await withStandInDocker(async ({ state, containers }) => {
    await withBench(async ({ setting }) => {
      const { target } = parseArm("docker:nginx:real", { worker_processes: "2" });
      const prepared = await prepareProxy(target, { worker_processes: "2" }, setting, never);
      assert.match(prepared.version ?? "", /^\d+\.\d+\.\d+$/);
      const proxy = await prepared.start(never);
      assert.deepEqual(await echoes(proxy.endpoint, ["a", "b"]), ["a", "b"]);
      const pids = proxy.pids();
      const footprint = proxy.footprint();
      const seesCgroup = proxy.mainPid !== null;
      await proxy.stop();
      assert.equal(proxy.exited(), null);
      assert.deepEqual(containers(), []);
      // Where no cgroup could be made the stand-in's process is nobody's that wsrally may count.
      if (seesCgroup) {
        assert.equal(pids.length, 3, "a master and two workers");
        assert.equal(footprint?.processes.filter(({ isMain }) => isMain).length, 1);
        assert.ok((footprint?.pssBytes ?? 0) > 0);
        assert.deepEqual(pids.filter(isAlive), []);
      } else assert.deepEqual(pids, []);
    });
    const asked = readFileSync(join(state, "asked"), "utf8").split("\n");
    const runs = asked.filter((line) => line.includes("--network host"));
    assert.ok(runs.length >= 2);
    for (const line of runs) {
      assert.match(line, /^run --rm --pull never --label wsrally --name wsrally-\S+ --network host /);
      assert.match(line, /--volume (\S+):\1 --workdir \1 --entrypoint nginx nginx:real/);
      assert.match(line, /--user [1-9]\d*:\d+ /);
      assert.doesNotMatch(line, /--privileged|--cap-add|--pid|PATH=/);
    }
  });
});

it("a user's config is adopted for an image's nginx as for this machine's", async () => {
  await withStandInDocker(async () => {
    await withBench(async ({ setting, nginx }) => {
      const own = await nginx({}, "site/site.conf");
      const { target } = parseArm(`docker:nginx:real,conf=${fixturePath("site/site.conf")}`);
      const prepared = await prepareProxy(target, {}, setting, never);
      assert.deepEqual([prepared.configSha256, prepared.changes], [own.configSha256, own.changes]);
      const proxy = await prepared.start(never);
      assert.deepEqual(await echoes(proxy.endpoint, ["a"], prepared.webSocket?.path ?? "/"), ["a"]);
      await proxy.stop();
    });
  });
});

it("an image with a config of its own runs as it is, with a file in its place, and its processes are counted", async () => {
  await withStandInDocker(async ({ state, scripted, containers }) => {
    await withBench(async ({ setting }) => {
      const [port = 0] = await findFreePorts(1);
      const conf = join(setting.folder, "own.conf");
      writeFileSync(conf, ownConfig(setting, port));
      scripted("team/edge", 'exec "$nginx" -e stderr -c "$(echo "$VOLUMES" | cut -d: -f1)"');
      const { target } = parseArm(`docker:team/edge,port=${port},conf=${conf}:/etc/edge.conf`);
      const prepared = await prepareProxy(target, {}, setting, never);
      const proxy = await prepared.start(never);
      assert.deepEqual(await echoes(proxy.endpoint, ["a"], "/"), ["a"]);
      assert.equal(proxy.pids().length, proxy.mainPid === null ? 0 : 2, "a master and a worker");
      await assert.rejects(
        prepared.start(never),
        /^EnvironmentError: .* something listens on port \d+ already$/,
      );
      await proxy.stop();
      assert.deepEqual(containers(), []);
      assert.match(
        readFileSync(join(state, "asked"), "utf8"),
        /--volume \S+own\.conf:\/etc\/edge\.conf:ro team\/edge$/m,
      );
      scripted("team/edge", "echo first; echo last; exit 1");
      await assert.rejects(
        prepared.start(never),
        /^EnvironmentError: Cannot run the image team\/edge: last$/,
      );
    });
  });
});

it("what stands in the way is told in a line", async () => {
  await withStandInDocker(async ({ state, scripted }) => {
    await withBench(async ({ setting }) => {
      const start = async (arm: string): Promise<void> => {
        const prepared = await prepareProxy(parseArm(arm).target, {}, setting, never);
        await (await prepared.start(never)).stop();
      };
      const told = /^EnvironmentError: /;
      const refuses = async (arm: string, words: RegExp): Promise<void> => {
        await assert.rejects(
          start(arm),
          (thrown: Error) => told.test(String(thrown)) && words.test(thrown.message),
        );
      };
      await refuses(
        "docker:nginx:none",
        /^No image nginx:none here: fetch it with `docker pull nginx:none`, or .* --pull$/,
      );
      scripted("nginx:other", "echo a shop; exit 0");
      await refuses("docker:nginx:other", /^No nginx in the image nginx:other: a shop$/);
      const only = 'case "$*" in *-V|*-t) exec "$nginx" "$@" ;; esac';
      scripted("nginx:ends", `${only}; echo first; echo 'the last word' >&2; exit 3`);
      await refuses("docker:nginx:ends", /^Cannot start nginx with the built-in config: the last word$/);
      scripted(
        "nginx:refused",
        'case "$*" in *-V) exec "$nginx" "$@" ;; esac; echo "docker: no such mount" >&2; exit 125',
      );
      await refuses("docker:nginx:refused", /^Cannot run the image nginx:refused: docker: no such mount$/);
      writeFileSync(join(state, "no-daemon"), "");
      await refuses(
        "docker:nginx:real",
        /^Cannot run an image: docker has no daemon \(Cannot connect to the Docker/,
      );
      process.env.PATH = "/nonexistent";
      await refuses("docker:nginx:real", /^Cannot run an image: no docker and no podman on PATH/);
    });
  });
});

it("--pull fetches an image that is not here, and a container goes with a wsrally that is killed", async () => {
  await withStandInDocker(async ({ env, state, containers, somePid }) => {
    renameSync(join(state, "image-nginx%3Areal"), join(state, "registry-nginx%3Areal"));
    await withFolder(async (out) => {
      const words = ["run", "docker:nginx:real", ...load, "--out", out];
      const without = await runHere([...words, "--duration", "1"]);
      assert.deepEqual([without.code, /No image nginx:real here/.test(without.stderr)], [3, true]);
      const { child, stderr, result } = startCli([...words, "--duration", "60", "--pull"], { env });
      const isLoaded = (): boolean =>
        /^run .*-e error\.log$/m.test(readFileSync(join(state, "asked"), "utf8"));
      let pid: number | null = null;
      await eventually(() => {
        pid = isLoaded() ? somePid() : null;
        return pid !== null;
      });
      child.kill("SIGKILL");
      await result;
      assert.ok(pid !== null && stderr().includes("Fetched the image nginx:real"), stderr());
      const killed: number = pid;
      assert.ok(await eventually(() => containers().length === 0 && !isAlive(killed)));
    });
  });
});

it("commands that need processes of wsrally's own refuse an image before anything is started", async () => {
  await withFolder(async (cwd) => {
    for (const [words, fault] of [
      [
        ["rollout", "a=docker:nginx", "--event", "reload"],
        /^Cannot roll out the arm a, which runs in a container: /,
      ],
      [
        ["gate", "--baseline", "docker:nginx", "--candidate", "nginx"],
        /Cannot hold a gate with the arm baseline, which runs in a container: /,
      ],
      [
        ["run", "a=docker:nginx", "--delay", "5ms"],
        /Cannot lay a line \(--delay, --loss\) to the arm a, which runs in/,
      ],
    ] as const) {
      const { code, stderr } = await runHere([...words, "--out", cwd], { cwd });
      assert.equal(code, 2, stderr);
      assert.match(stderr, fault);
    }
  });
});

/** Of an nginx that keeps its files in the folder. */
function ownConfig({ backend, folder }: ProxySetting, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off; pid ${folder}/own.pid; events {} http { access_log off;
    ${temporary.map((what) => `${what}_temp_path ${folder}/${what};`).join(" ")}
    server { listen 127.0.0.1:${port}; location / { proxy_pass http://${backend.host}:${backend.port};
      proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade; } } }`;
}
