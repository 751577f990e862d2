/**
 * Flags for a load that agents on other hosts make.
 */
import { isIP } from "node:net";
import { type Command, InvalidArgumentError } from "commander";
import { UsageError } from "../base/errors.js";
import type { CrewWish } from "../cluster/gather-crew.js";
import { detailGroups } from "./help-groups.js";

export function addAgentFlags(command: Command): Command {
  return command
    .optionsGroup(detailGroups.machines)
    .option("--nats <url>", "let agents on other hosts make the load, found at this NATS server")
    .option("--creds <file>", "who we are to the NATS server, as wsrally cluster init writes it")
    .option("--agents <n>", "so many agents; waits until they are there", toAgents)
    .option("--listen <address>", "where agents on other hosts reach proxies that run here (127.0.0.1)")
    .optionsGroup("Options:");
}

/** Null where this machine makes the load. @throws UsageError for one without the other */
export function readAgentFlags(options: Readonly<Record<string, unknown>>): CrewWish | null {
  const { nats, creds, agents, listen, threads } = options;
  if ([nats, creds, agents, listen].every((given) => given === undefined)) return null;
  if (typeof nats !== "string")
    throw new UsageError("Cannot look for agents: want --nats URL, the server that they are at");
  if (typeof agents !== "number")
    throw new UsageError(`Cannot look for agents at ${nats}: want --agents N, how many are to make the load`);
  if (typeof listen === "string" && (isIP(listen) === 0 || isAnyAddress(listen)))
    throw new UsageError(`Cannot listen on ${listen}: want an address of this machine, such as 10.0.0.1`);
  if (threads !== undefined)
    throw new UsageError(
      "Cannot use --threads with --agents: want it at each wsrally agent, which runs so many generators there",
    );
  return {
    url: nats,
    credentialsFile: typeof creds === "string" ? creds : null,
    agents,
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
