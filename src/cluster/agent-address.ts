/** Where an agent's host is. */
import { lookup } from "node:dns/promises";
import { EnvironmentError, messageOf } from "../base/errors.js";
import type { AgentFacts } from "./protocol.js";

/**
 * As this host has it: on the agent's own, a name may stand for loopback, and not every proxy takes a name.
 * @throws EnvironmentError for a name that is not known here
 */
export async function addressOf({ name, address }: AgentFacts): Promise<string> {
  try {
    return (await lookup(address, { order: "ipv4first" })).address;
  } catch (thrown) {
    throw new EnvironmentError(
      `Cannot reach agent ${name} at ${address}: ${messageOf(thrown)}; want its --address as this host knows it`,
    );
  }
}
