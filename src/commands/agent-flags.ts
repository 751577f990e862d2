/**
 * Flags for a load that agents on other hosts make.
 */
import { type Command, InvalidArgumentError } from "commander";
import { UsageError } from "../base/errors.js";
import type { CrewWish } from "../cluster/gather-crew.js";

export function addAgentFlags(command: Command): Command {
  return command
    .optionsGroup("Many machines:")
    .option("--nats <url>", "let agents on other hosts make the load, found at this NATS server")
    .option("--creds <file>", "who we are to the NATS server, as wsrally cluster init writes it")
    .option("--agents <n>", "so many agents; waits until they are there", toAgents)
    .optionsGroup("Options:");
}

/** Null where this machine makes the load. @throws UsageError for one without the other */
export function readAgentFlags(options: Readonly<Record<string, unknown>>): CrewWish | null {
  const { nats, creds, agents } = options;
  if (nats === undefined && agents === undefined && creds === undefined) return null;
  if (typeof nats !== "string")
    throw new UsageError("Cannot look for agents: want --nats URL, the server that they are at");
  if (typeof agents !== "number")
    throw new UsageError(`Cannot look for agents at ${nats}: want --agents N, how many are to make the load`);
  return { url: nats, credentialsFile: typeof creds === "string" ? creds : null, agents };
}

function toAgents(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new InvalidArgumentError("Want a number of agents, 1 to 1000.");
  return count;
}
