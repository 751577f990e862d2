/**
 * `wsrally agent`: takes part in runs that are steered from another machine.
 */
import { hostname } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { createProcessGuard } from "../base/owned-process.js";
import { toolVersion } from "../base/tool-version.js";
import { createWorkspace } from "../base/workspace.js";
import { type AgentRole, agentRoles } from "../cluster/agent-role.js";
import { connectNats, isPrivate } from "../cluster/connect-nats.js";
import { noCredentials, readCredentials } from "../cluster/credentials.js";
import { serveAgent } from "../cluster/serve-agent.js";
import { isAgentName } from "../cluster/subjects.js";
import { readMachineLimits } from "../trial/check-limits.js";
import { type CommandContext, say } from "./terminal.js";

interface AgentOptions {
  readonly nats: string;
  readonly creds?: string;
  readonly role: AgentRole;
  readonly name?: string;
  readonly address: string;
  readonly threads: number;
}

export function agentCommand({ terminal, signal }: CommandContext): Command {
  return new Command("agent")
    .description(
      "Takes part in runs that are steered from another machine: waits at a NATS server until a run with --nats and --agents " +
        "asks for it, makes its share of the load or runs its proxies, and waits for the next. When the run is not heard of " +
        "any more, all of it has ended within two seconds.",
    )
    .requiredOption(
      "--nats <url>",
      "the NATS server: nats://HOST:PORT, or tls://HOST:PORT where nothing else will do",
    )
    .option("--creds <file>", "who it is to the server, as wsrally cluster init writes it")
    .addOption(
      new Option(
        "--role <role>",
        "what it does: load opens connections and answers them, proxy runs the proxies of runs with --proxy-agent, and both does either",
      )
        .choices(agentRoles)
        .default("load"),
    )
    .option(
      "--name <name>",
      "its name, of its own among all agents of the server (the one that the key is for, or the host's)",
      toName,
    )
    .option("--address <address>", "where other hosts reach what it listens on", "127.0.0.1")
    .option("--threads <n>", "generators that run here at once, a process each", toThreads, 1)
    .addHelpText("after", examples)
    .action(async (options: AgentOptions) => {
      const { nats: url, creds, ...given } = options;
      const credentials = creds === undefined ? noCredentials : readCredentials(creds);
      const facts = { ...given, name: given.name ?? credentials.agent ?? ownName() };
      const workspace = await createWorkspace();
      const guard = createProcessGuard(workspace.path);
      const name = `wsrally agent ${facts.name}`;
      try {
        const connection = await connectNats({ url, credentials, name, comesBack: true });
        try {
          await serveAgent({
            connection,
            facts: {
              ...facts,
              host: hostname(),
              limits: readMachineLimits(),
              isPrivate: isPrivate(connection),
              version: toolVersion,
            },
            folder: workspace.path,
            guard,
            say: (line) => say(terminal, line),
            signal,
          });
        } finally {
          await connection.close();
        }
      } finally {
        await workspace.remove();
        guard.release();
      }
    });
}

/** The host's, as far as it can be one. */
function ownName(): string {
  const short =
    hostname()
      .toLowerCase()
      .split(".")[0]
      ?.replace(/[^a-z0-9-]/g, "-") ?? "";
  return isAgentName(short) ? short : "agent";
}

function toName(text: string): string {
  if (!isAgentName(text))
    throw new InvalidArgumentError("Want lower-case letters, digits and -, at most 63.");
  return text;
}

function toThreads(text: string): number {
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > 256)
    throw new InvalidArgumentError("Want a number of generators, 1 to 256.");
  return threads;
}

const examples = `
Examples:
  wsrally agent --nats tls://nats.lab:4222 --creds load-1.creds --role load
  wsrally agent --nats tls://nats.lab:4222 --creds load-1.creds --address 10.0.0.11 --threads 4
  wsrally agent --nats tls://nats.lab:4222 --creds proxy-1.creds --role proxy --address 10.0.0.21
`;
