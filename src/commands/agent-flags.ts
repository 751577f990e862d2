/**
 * Flags for a load that agents on other hosts make, and for a proxy on the host of one.
 */
import { isIP } from "node:net";
import { type Command, InvalidArgumentError } from "commander";
import { UsageError } from "../base/errors.js";
import type { CrewWish } from "../cluster/gather-crew.js";
import { detailGroups } from "./help-groups.js";

export function addAgentFlags(command: Command): Command {
  return command
    .optionsGroup(detailGroups.machines)
    .option(
      "--nats <url>",
      "let agents on other hosts make the load or run the proxy, found at this NATS server",
    )
    .option("--creds <file>", "who we are to the NATS server, as wsrally cluster init writes it")
    .option("--agents <n>", "let so many agents make the load; waits until they are there", toAgents)
    .option("--proxy-agent <name>", "start proxies on the host of this agent")
    .option(
      "--listen <address>",
      "where other hosts reach what runs here: the proxy, or the backend (127.0.0.1)",
    )
    .optionsGroup("Options:");
}

/** Null where this machine makes the load. @throws UsageError for one without the other */
export function readAgentFlags(options: Readonly<Record<string, unknown>>): CrewWish | null {
  const { nats, creds, agents, proxyAgent, listen, threads } = options;
  if ([nats, creds, agents, proxyAgent, listen].every((given) => given === undefined)) return null;
  if (typeof nats !== "string")
    throw new UsageError("Cannot look for agents: want --nats URL, the server that they are at");
  if (typeof agents !== "number" && typeof proxyAgent !== "string")
    throw new UsageError(
      `Cannot look for agents at ${nats}: want --agents N, how many are to make the load, or --proxy-agent NAME`,
    );
  if (typeof listen === "string" && (isIP(listen) === 0 || isAnyAddress(listen)))
    throw new UsageError(`Cannot listen on ${listen}: want an address of this machine, such as 10.0.0.1`);
  if (threads !== undefined && typeof agents === "number")
    throw new UsageError(
      "Cannot use --threads with --agents: want it at each wsrally agent, which runs so many generators there",
    );
  return {
    url: nats,
    credentialsFile: typeof creds === "string" ? creds : null,
    agents: typeof agents === "number" ? agents : 0,
    proxyAgent: typeof proxyAgent === "string" ? proxyAgent : null,
    facing: typeof listen === "string" ? listen : null,
  };
}

/** Nobody connects to it. */
function isAnyAddress(address: string): boolean {
  return /^[0.:]+$/.test(address);
}

function toAgents(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new InvalidArgumentError("Want a number of agents, 1 to 1000.");
  return count;
}
