/**
 * A NATS server with the config that `wsrally cluster init` writes, and agents as processes of their own, for the time of
 * one test.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AgentRole } from "#wsrally/cluster/agent-role.js";
import { makeClusterFiles } from "#wsrally/cluster/cluster-files.js";
import { findFreePorts } from "#wsrally/proxy/free-port.js";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import { natsProgram } from "./nats-program.js";
import { type RunningCli, startCli } from "./run-cli.js";
import { withFolder } from "./with-folder.js";

export interface Cluster {
  readonly url: string;
  readonly folder: string;
  /** A file of the folder. */
  file(name: string): string;
  /** Started and ready, by name. */
  readonly agents: ReadonlyMap<string, RunningCli>;
  /** What a measuring command needs to have the load made here. */
  readonly flags: readonly string[];
}

/** A host by its address, and the command that runs another there. */
export interface Host {
  readonly address: string;
  readonly through: readonly string[];
}

const here: Host = { address: "127.0.0.1", through: [] };

/**
 * @param wanted so many that make load; or the role of each: they are called load-1, proxy-1 and so on
 * @param hosts of the NATS server, and of each agent; this one for those that it lacks
 */
export async function withCluster(
  wanted: number | readonly AgentRole[],
  use: (cluster: Cluster) => Promise<void>,
  [hub = here, ...hosts]: readonly Host[] = [],
): Promise<void> {
  await withFolder(async (folder) => {
    const [port = 0] = await findFreePorts(1);
    const roles = typeof wanted === "number" ? Array.from({ length: wanted }, () => "load" as const) : wanted;
    const hostOf = (index: number): Host => hosts[index] ?? here;
    const agents = roles.map((role, index) => {
      const number = roles.slice(0, index).filter((one) => one === role).length + 1;
      return { name: `${role}-${number}`, role, host: hostOf(index).address };
    });
    const files = await makeClusterFiles({ server: hub.address, port, agents, image: "wsrally" });
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
    const server = await startNats(folder, hub);
    const url = `tls://${hub.address}:${port}`;
    const file = (name: string): string => join(folder, name);
    const started = new Map<string, RunningCli>();
    try {
      for (const [index, { name, role }] of agents.entries())
        started.set(name, startAgent(url, file(`${name}.creds`), { name, role, host: hostOf(index) }));
      await Promise.all([...started.values()].map(untilReady));
      const loading = roles.filter((role) => role !== "proxy").length;
      const proxyAgent = agents.find(({ role }) => role !== "load")?.name;
      const flags = [
        ...["--nats", url, "--creds", file("controller.creds")],
        ...(loading === 0 ? [] : ["--agents", String(loading)]),
        ...(proxyAgent === undefined ? [] : ["--proxy-agent", proxyAgent]),
      ];
      await use({ url, folder, file, agents: started, flags });
    } finally {
      for (const { child } of started.values()) child.kill("SIGTERM");
      await Promise.all([...started.values()].map(({ result }) => result));
      server.kill("SIGKILL");
      await once(server, "exit");
    }
  });
}

interface TestAgent {
  readonly name: string;
  readonly role: AgentRole;
  readonly host: Host;
}

function startAgent(
  url: string,
  creds: string,
  { name, role, host: { address, through } }: TestAgent,
): RunningCli {
  const who = ["--name", name, "--role", role, "--address", address];
  return startCli(["agent", "--nats", url, "--creds", creds, ...who], { through });
}

async function untilReady({ child, stderr }: RunningCli): Promise<void> {
  while (!stderr().includes("is ready")) {
    if (child.exitCode !== null) throw new Error(`an agent has ended: ${stderr()}`);
    await sleep(20);
  }
}

async function startNats(folder: string, { address, through }: Host): Promise<ChildProcess> {
  const { path } = await findProgram(natsProgram);
  const log = join(folder, "nats.log");
  // What the command line says stands above the config's own: nothing here is for other machines.
  const flags = ["-c", "nats-server.conf", "--addr", address, "--log", log];
  const [program = path, ...args] = [...through, path, ...flags];
  const server = spawn(program, args, { cwd: folder, stdio: "ignore" });
  while (!readFileSafely(log).includes("Server is ready")) {
    if (server.exitCode !== null) throw new Error(`the NATS server has ended: ${readFileSafely(log)}`);
    await sleep(20);
  }
  return server;
}

function readFileSafely(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
