/**
 * `wsrally cluster init`: what agents on several hosts need to find each other.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { EnvironmentError, messageOf, UsageError } from "../base/errors.js";
import { makeFolder } from "../base/make-folder.js";
import { privateFile, privateFolder, replaceFile } from "../base/whole-file.js";
import { makeClusterFiles } from "../cluster/cluster-files.js";
import type { ClusterPlan, PlannedAgent } from "../cluster/cluster-plan.js";
import { collectSettings } from "./arm-settings.js";
import { type CommandContext, say } from "./terminal.js";

interface ClusterFlags {
  readonly server: string;
  readonly port: string;
  readonly load?: string[];
  readonly proxy?: string[];
  readonly image: string;
}

export function clusterCommand({ terminal }: CommandContext): Command {
  const init = new Command("init")
    .description(
      "Writes a folder with a key for the controller and for each agent, the config and certificate of a NATS server that knows " +
        "them, and what starts the agents: by ssh, with Docker Compose or on Kubernetes. A key may say what is its agent's and " +
        "nothing else. No folder that is there is written to.",
    )
    .argument("[folder]", "where to", "wsrally-cluster")
    .requiredOption(
      "--server <host>",
      "where agents and controller reach the NATS server, by name or address",
    )
    .option("--port <n>", "its port", "4222")
    .option("--load <host>", "a host that makes load (repeat as needed)", collectSettings)
    .option("--proxy <host>", "a host that proxies run on (repeat as needed)", collectSettings)
    .option("--image <name>", "a container image with wsrally in it", "wsrally")
    .addHelpText("after", examples)
    .action(async (folder: string, flags: ClusterFlags) => {
      const plan = readPlan(flags);
      await writeCluster(folder, plan);
      for (const line of nextSteps(folder, plan)) say(terminal, line);
    });
  return new Command("cluster")
    .description("Prepares runs whose load agents on several hosts make.")
    .addCommand(init);
}

function readPlan({ server, port, load = [], proxy = [], image }: ClusterFlags): ClusterPlan {
  for (const host of [server, ...load, ...proxy]) requireHost(host);
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw new UsageError(`Cannot use the port ${port}: want 1 to 65535`);
  if (load.length === 0)
    throw new UsageError("Cannot make a cluster of nothing: want --load HOST, once for each");
  const planned =
    (role: "load" | "proxy") =>
    (host: string, index: number): PlannedAgent => ({
      name: `${role}-${index + 1}`,
      role,
      host,
    });
  const agents = [...load.map(planned("load")), ...proxy.map(planned("proxy"))];
  return { server, port: number, agents, image };
}

/** It goes into a shell's lines. */
function requireHost(host: string): void {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?$/.test(host))
    throw new UsageError(
      `Cannot use the host ${host}: want a name or an address, such as lab-1.example or 10.0.0.11`,
    );
}

async function writeCluster(folder: string, plan: ClusterPlan): Promise<void> {
  if (existsSync(folder))
    throw new UsageError(
      `Cannot write the cluster to ${folder}: it is there already, and may hold keys in use`,
    );
  makeFolder(folder, { what: "the cluster's folder", cure: "name another", mode: privateFolder });
  for (const { name, text, isSecret } of await makeClusterFiles(plan)) {
    const file = join(folder, name);
    try {
      if (isSecret) replaceFile(file, text, privateFile);
      else replaceFile(file, text);
    } catch (thrown) {
      throw new EnvironmentError(`Cannot write ${file}: ${messageOf(thrown)}`, { cause: thrown });
    }
  }
}

function nextSteps(folder: string, { server, port, agents }: ClusterPlan): string[] {
  const start = "sh start-by-ssh.sh, docker compose up, or kubectl apply -f kubernetes.yaml";
  return [
    `Keys for ${agents.length} agents and a controller are in ${folder}, for you alone; they are good for 30 days.`,
    `1. On ${server}, with nats-server.conf, server.crt and server.key of ${folder}: nats-server -c nats-server.conf`,
    `2. Start the agents, in ${folder}: ${start}`,
    `3. wsrally run ARM --nats tls://${server}:${port} --creds ${folder}/controller.creds${agentFlags(agents)}`,
  ];
}

/** That ask for as much as there is. */
function agentFlags(agents: ClusterPlan["agents"]): string {
  const loading = agents.filter(({ role }) => role === "load").length;
  const proxy = agents.find(({ role }) => role === "proxy");
  return [
    ...(loading === 0 ? [] : [` --agents ${loading}`]),
    ...(proxy === undefined ? [] : [` --proxy-agent ${proxy.name}`]),
  ].join("");
}

const examples = `
Examples:
  wsrally cluster init --server 10.0.0.1 --load 10.0.0.11 --load 10.0.0.12
  wsrally cluster init lab --server 10.0.0.1 --load 10.0.0.11 --proxy 10.0.0.21
  wsrally cluster init lab --server nats.lab.example --load lab-1 --load lab-2 --image registry.example/wsrally:0.1.0
`;
