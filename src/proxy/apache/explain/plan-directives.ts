/**
 * The lines that a load needs, from what was measured.
 */
import type { Quote } from "../../../diagnosis/quote.js";
import type { PlannedLoad } from "../../driver.js";
import { filesPerConnection, ownFiles } from "../run/template.js";

/** Room beyond what was measured: clients that come back before the old ones are gone. */
const reserve = 1.1;
/** Beyond it another child is the better one. */
const threadsAChild = 1000;

export function planDirectives({ connections, ephemeralPorts, config }: PlannedLoad): readonly Quote[] {
  const room = Math.ceil(connections * reserve);
  const children = Math.ceil(room / threadsAChild);
  const threads = Math.ceil(room / children);
  const servers = Math.max(1, config?.upstreams.length ?? 1);
  const addresses = Math.ceil(connections / servers / (ephemeralPorts ?? Number.POSITIVE_INFINITY));
  const lines = [
    `MaxRequestWorkers ${threads * children}`,
    `ThreadLimit ${threads}, before it`,
    `ThreadsPerChild ${threads}`,
    // Children of before a reload keep their places for as long as their WebSockets last.
    `ServerLimit ${children * 2 + 1}`,
    `ulimit -n ${threads * filesPerConnection + ownFiles} for each child (LimitNOFILE)`,
    ...(addresses > 1
      ? [`BalancerMember ws://ADDRESS, a member for each of ${addresses} addresses of the backend`]
      : []),
  ];
  return lines.map((text) => ({ text, place: null }));
}
