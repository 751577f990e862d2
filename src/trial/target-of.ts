/** Where an arm's connections go, and what they say there. */
import type { Target } from "../load/messages.js";
import type { ProxyEndpoint } from "../proxy/proxy.js";
import { makeTarget } from "./make-target.js";
import type { PreparedArm } from "./prepare-arms.js";

/** @throws EnvironmentError when the endpoint's name cannot be found */
export function targetOf(
  { plan: { target, workload }, proxy, own, behind, givenCaPem }: PreparedArm,
  endpoint: ProxyEndpoint,
): Promise<Target> {
  const { webSocket } = proxy;
  const ticket = behind?.ticket ?? null;
  return makeTarget({ arm: target, endpoint, webSocket, workload, own, ticket, givenCaPem });
}
