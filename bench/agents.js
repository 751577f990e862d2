/**
 * What many agents cost the controller: its own code, a real NATS server with TLS and keys, and agents that only say what agents
 * say. `npm run build && npx tsc -p test/tsconfig.json && node bench/agents.js [AGENTS…]` (8 40 200).
 */
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createAgentPool } from "../build/cluster/agent-pool.js";
import { makeClusterFiles } from "../build/cluster/cluster-files.js";
import { gatherCrew } from "../build/cluster/gather-crew.js";
import { findFreePorts } from "../build/proxy/free-port.js";
import { findProgram } from "../build/proxy/program/find-program.js";
import { resolveWorkload } from "../build/scenario/workload.js";
import { usualPatience } from "../build/trial/patience.js";
import { startLoad } from "../build/trial/run-load.js";
import { natsProgram } from "../dist-test/support/nats-program.js";
import { printTable } from "./support/table.js";

const asked = process.argv.slice(2).map(Number);
const sizes = asked.length === 0 ? [8, 40, 200] : asked;
const connectionsEach = 30_000;
const samplesEach = 100_000;
const seconds = 10;

const rows = [];
for (const agents of sizes) rows.push(await measured(agents));
printTable({
  title: `A run of ${seconds} s with agents, ${connectionsEach.toLocaleString("en")} connections each`,
  columns: [
    "agents",
    "join s",
    "barrier ms",
    "skew ms",
    "messages/s",
    "kB/s",
    "core %",
    "reports MB",
    "merge s",
  ],
  rows,
  notes: [
    "core %: the controller's processor time while the load goes on, of one core. skew: between the first start and the last.",
    "reports: what all of them say at the end, as it goes over the wire; merge: processor time from the load's end to one result.",
  ],
});

async function measured(agents) {
  const folder = mkdtempSync(join(tmpdir(), "wsrally-agents-"));
  const [port] = await findFreePorts(1);
  const names = Array.from({ length: agents }, (_, index) => `load-${String(index + 1).padStart(3, "0")}`);
  const planned = names.map((name) => ({ name, role: "load", host: "127.0.0.1" }));
  const files = await makeClusterFiles({ server: "127.0.0.1", port, agents: planned, image: "x" });
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  const server = await startNats(folder);
  const url = `tls://127.0.0.1:${port}`;
  const fakes = await startFakes({ url, folder, names });
  try {
    return await runWith({ url, folder, agents });
  } finally {
    fakes.kill("SIGKILL");
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  }
}

async function runWith({ url, folder, agents }) {
  const joinStart = performance.now();
  const credentialsFile = join(folder, "controller.creds");
  const wish = { url, credentialsFile, agents, proxyAgent: null, facing: null, run: "bench" };
  const crew = await gatherCrew(wish, new AbortController().signal);
  const joinS = (performance.now() - joinStart) / 1000;
  const pool = createAgentPool(crew);
  const barrier = { ms: 0 };
  const settle = pool.barrier.settle;
  pool.barrier.settle = async () => {
    const start = performance.now();
    await settle();
    barrier.ms = performance.now() - start;
  };
  const load = startLoad(loadSettings(pool, agents));
  const order = await load.started;
  await sleep((order.startNs - Number(process.hrtime.bigint())) / 1e6);
  const before = { cpu: process.cpuUsage(), stats: crew.traffic(), at: performance.now() };
  await sleep((seconds - 1) * 1000);
  const cpu = process.cpuUsage(before.cpu);
  const stats = crew.traffic();
  const spanS = (performance.now() - before.at) / 1000;
  const ended = process.cpuUsage();
  const result = await load.result;
  const merging = process.cpuUsage(ended);
  const after = crew.traffic();
  if (result.counts.windowSent !== agents * samplesEach) throw new Error("The merged counts are wrong");
  if (result.histograms.get("wire").count !== agents * samplesEach) throw new Error("A histogram is wrong");
  const skewMs = pool.barrier.skewNs() / 1e6;
  await crew.close();
  const perS = (pick) => (pick(stats) - pick(before.stats)) / spanS;
  return [
    String(agents),
    joinS.toFixed(2),
    barrier.ms.toFixed(0),
    skewMs.toFixed(1),
    perS(({ messages }) => messages).toFixed(0),
    (perS(({ bytes }) => bytes) / 1000).toFixed(0),
    (((cpu.user + cpu.system) / 1e6 / spanS) * 100).toFixed(1),
    ((after.bytes - stats.bytes) / 1e6).toFixed(1),
    ((merging.user + merging.system) / 1e6).toFixed(2),
  ];
}

function loadSettings(pool, agents) {
  const target = { rows: [], hidden: [], ports: [1] };
  return {
    ...{ pool, engine: "epoll", cpus: null, sources: [], target, talk: null, answers: ["pong"], seed: 1 },
    ...{
      shape: { sizes: null, mix: null, stages: null },
      warmupNs: 0,
      durationNs: seconds * 1e9,
      splitEvery: 0,
    },
    workload: resolveWorkload({
      connections: agents * connectionsEach,
      rate: agents * (samplesEach / seconds),
    }),
    ...{ ratePerS: agents * (samplesEach / seconds), patience: usualPatience },
    signal: new AbortController().signal,
  };
}

async function startNats(folder) {
  const { path } = await findProgram(natsProgram);
  const log = join(folder, "nats.log");
  const flags = ["-c", "nats-server.conf", "--addr", "127.0.0.1", "--log", log];
  const server = spawn(path, flags, { cwd: folder, stdio: "ignore" });
  while (!(existsSync(log) && readFileSync(log, "utf8").includes("Server is ready"))) await sleep(20);
  return server;
}

async function startFakes({ url, folder, names }) {
  const wish = {
    url,
    folder,
    names,
    connections: connectionsEach,
    samples: samplesEach,
    slices: seconds * 10,
  };
  const fakes = fork(new URL("agents/fake-agents.js", import.meta.url), {
    env: { ...process.env, FAKE_AGENTS: JSON.stringify(wish) },
  });
  await once(fakes, "message");
  return fakes;
}
