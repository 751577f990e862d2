/**
 * The guide to many machines, walked through as it is written: its hosts are namespaces with the addresses that it names. What
 * takes an arm, a load or a host of its reader's is replaced; what takes Docker or Kubernetes stands in no block.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { toolVersion } from "#wsrally/base/tool-version.js";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import type { RunDocument } from "#wsrally/results/run-document.js";
import { fillDocumentsFolder } from "../support/documents-folder.js";
import { natsProgram } from "../support/nats-program.js";
import { documentedCommands } from "../support/shell-blocks.js";
import type { Host } from "../support/with-cluster.js";
import { withFolder } from "../support/with-folder.js";
import { rootOnly, withHosts } from "../support/with-hosts.js";

const controller = "10.0.0.1";
const proxyHost = "10.0.0.21";
const addresses = [controller, "10.0.0.11", "10.0.0.12", proxyHost];
/** Long enough to start, on a machine with other things to do. */
const patienceMs = 60_000;

interface Step {
  /** How the guide's line begins, in its order. */
  readonly begins: string;
  readonly at: string;
  /** Below the folder that the reader stands in. */
  readonly folder?: string;
  /** It stays, and says so by this. */
  readonly stays?: RegExp;
  /** What the reader has in its place. */
  readonly replaced?: readonly (readonly [string, string])[];
  /** What follows from it for another host, as the guide says in words. */
  readonly also?: { readonly at: string; readonly replaced: readonly (readonly [string, string])[] };
  /** Agents of the run that it is. */
  readonly agents?: readonly string[];
  /** What makes it short; the usual when left out. */
  readonly ends?: string;
}

const isReady = /is ready for/;
const loaders = ["load-1", "load-2"];
const steps: readonly Step[] = [
  { begins: "wsrally cluster init lab", at: controller },
  { begins: "cd lab && nats-server", at: controller, stays: /Server is ready/ },
  {
    begins: "wsrally agent --nats tls://10.0.0.1:4222 --creds load-1.creds",
    at: "10.0.0.11",
    folder: "lab",
    stays: isReady,
    also: {
      at: "10.0.0.12",
      replaced: [
        ["load-1", "load-2"],
        ["10.0.0.11", "10.0.0.12"],
      ],
    },
  },
  {
    begins: "wsrally run wss://proxy.lab/sock",
    at: controller,
    replaced: [["wss://proxy.lab/sock", `ws://${proxyHost}:7415/sock`]],
    agents: loaders,
  },
  {
    begins: "wsrally agent --nats tls://10.0.0.1:4222 --creds proxy-1.creds",
    at: proxyHost,
    folder: "lab",
    stays: isReady,
  },
  {
    begins: "wsrally compare nginx:old.conf nginx:new.conf",
    at: controller,
    agents: [...loaders, "proxy-1"],
  },
  { begins: "wsrally compare nginx:old.conf nginx:new.conf", at: controller, agents: loaders },
  {
    begins: "wsrally rollout nginx:prod.conf --event reload",
    at: controller,
    agents: [...loaders, "proxy-1"],
    ends: "--connections 8 --rate 400 --before 500ms --patience 2500ms --json",
  },
];
/** Behind what measures: a flag that is given twice counts as it was given last. */
const short = "--connections 8 --rate 400 --duration 0.3 --warmup 0 --blocks 1 --json";

describe("the guide to many machines", rootOnly, () => {
  const lines = documentedCommands(join("docs", "many-machines.md")).map(({ line }) => line);

  it("works as it is written", async () => {
    assert.equal(lines.length, steps.length, lines.join("\n"));
    await withWalk(async (walk) => {
      for (const [index, step] of steps.entries()) await take(walk, step, lines[index] ?? "");
    });
  });

  it("starts agents by its script for ssh, which a stand-in takes to their namespaces", async () => {
    const [init, server, , run] = steps;
    await withWalk(async (walk) => {
      for (const step of [init, server])
        if (step !== undefined) await take(walk, step, lines[steps.indexOf(step)] ?? "");
      await walk.run(controller, "cd lab && sh start-by-ssh.sh");
      if (run !== undefined) await take(walk, run, lines[steps.indexOf(run)] ?? "");
    });
  });
});

/** Every host is there, with its programs, and what a URL arm leads to. */
async function withWalk(use: (walk: Walk) => Promise<void>): Promise<void> {
  await withHosts(addresses, (hosts) =>
    withFolder(async (folder) => {
      fillDocumentsFolder(folder);
      // The documents' new one is for a gate to refuse.
      const old = readFileSync(join(folder, "old.conf"), "utf8");
      writeFileSync(join(folder, "new.conf"), old.replace("proxy_read_timeout 1h", "proxy_read_timeout 2h"));
      const walk = new Walk(hosts, folder, await makePrograms(folder, hosts));
      try {
        await walk.stay(proxyHost, "wsrally backend --host 0.0.0.0", /7415/);
        await use(walk);
      } finally {
        await walk.end();
      }
    }),
  );
}

async function take(walk: Walk, step: Step, line: string): Promise<void> {
  const { begins, at, folder = "", stays, replaced = [], also, agents, ends = short } = step;
  assert.ok(line.startsWith(begins), line);
  const own = replace(line, replaced);
  if (stays !== undefined) {
    await walk.stay(at, own, stays, folder);
    if (also !== undefined) await walk.stay(also.at, replace(own, also.replaced), stays, folder);
    return;
  }
  const said = await walk.run(at, agents === undefined ? own : `${own} ${ends}`);
  if (agents === undefined) return;
  const { environment, arms, rollouts } = JSON.parse(said) as RunDocument;
  assert.deepEqual(environment.agents?.map(({ name }) => name).sort(), agents);
  assert.ok(rollouts === undefined || rollouts.length > 0);
  for (const { trials } of rollouts === undefined ? arms : []) {
    assert.deepEqual(trials[0]?.failures, []);
    assert.ok((trials[0]?.accounting.clientReceived ?? 0) >= 100);
  }
}

function replace(line: string, pairs: readonly (readonly [string, string])[]): string {
  return pairs.reduce((text, [written, own]) => {
    assert.ok(text.includes(written), text);
    return text.replaceAll(written, own);
  }, line);
}

/** The programs that the guide's reader has; of ssh and npx what takes a command to where it is to run. @returns their folder */
async function makePrograms(folder: string, hosts: readonly Host[]): Promise<string> {
  const programs = join(folder, "bin");
  mkdirSync(programs);
  symlinkSync((await findProgram(natsProgram)).path, join(programs, "nats-server"));
  const script = (name: string, text: string): void => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(programs, name), 0o755);
  };
  script("wsrally", `exec '${process.execPath}' '${resolve("dist/cli.js")}' "$@"`);
  script("npx", `test "$1 $2" = "--yes wsrally@${toolVersion}" && shift 2 && exec wsrally "$@"`);
  const places = hosts.map(({ address, through }) => {
    const home = join(folder, `home-${address}`);
    mkdirSync(home);
    return `${address}) HOME='${home}' exec ${through.join(" ")} sh -c "$2";;`;
  });
  script("ssh", `case "$1" in ${places.join(" ")} esac; exit 255`);
  return programs;
}

/** Types lines into the shells of hosts. */
class Walk {
  readonly #hosts: readonly Host[];
  readonly #folder: string;
  readonly #path: string;

  constructor(hosts: readonly Host[], folder: string, programs: string) {
    this.#hosts = hosts;
    this.#folder = folder;
    this.#path = [programs, process.env.PATH ?? ""].join(delimiter);
  }

  /** @returns what it says on stdout @throws AssertionError where it fails */
  async run(address: string, line: string): Promise<string> {
    const { child, said } = this.#type(address, line, "");
    const [code] = await once(child, "close");
    assert.equal(code, 0, `${line}\n${said.stderr}`);
    return said.stdout;
  }

  /** Resolves when it says that it is there. */
  async stay(address: string, line: string, sign: RegExp, below = ""): Promise<void> {
    const { child, said } = this.#type(address, line, below);
    for (let waited = 0; !sign.test(said.stdout + said.stderr); waited += 50) {
      assert.ok(child.exitCode === null && waited < patienceMs, `${line}\n${said.stderr}`);
      await sleep(50);
    }
  }

  /** Resolves when nothing runs on any host: an agent ends what it runs. */
  async end(): Promise<void> {
    for (let waited = 0; this.#pids().length > 0; waited += 200) {
      assert.ok(waited < patienceMs, `left behind: ${this.#pids().join(" ")}`);
      // Once; what is left then is ending.
      if (waited === 0) for (const pid of this.#pids()) endProcess(pid);
      await sleep(200);
    }
  }

  #pids(): number[] {
    return this.#hosts.flatMap(({ through }) =>
      execFileSync("ip", ["netns", "pids", through.at(-1) ?? ""], { encoding: "utf8" })
        .split("\n")
        .filter(Boolean)
        .map(Number),
    );
  }

  #type(address: string, line: string, below: string) {
    const through = this.#hosts.find((host) => host.address === address)?.through ?? assert.fail(address);
    const [program = "", ...rest] = [...through, "sh", "-c", line];
    const child = spawn(program, rest, {
      cwd: join(this.#folder, below),
      env: { ...process.env, PATH: this.#path },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (data) => {
      said.stdout += data;
    });
    child.stderr.on("data", (data) => {
      said.stderr += data;
    });
    return { child, said };
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}
