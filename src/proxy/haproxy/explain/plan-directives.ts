/**
 * The lines that a load needs, from what was measured.
 */
import { roundUp } from "../../../base/round-up.js";
import type { Quote } from "../../../diagnosis/quote.js";
import type { PlannedLoad } from "../../driver.js";
import { filesPerConnection, ownFiles } from "../run/template.js";

/** Room beyond what was measured: clients that come back before the old ones are gone. */
const reserve = 1.1;

export function planDirectives({
  connections,
  workers,
  ephemeralPorts,
  config,
}: PlannedLoad): readonly Quote[] {
  const room = roundUp(connections * reserve);
  const files = room * filesPerConnection + ownFiles;
  const servers = Math.max(1, config?.upstreams.length ?? 1);
  const sources = Math.ceil(connections / servers / (ephemeralPorts ?? Number.POSITIVE_INFINITY));
  const lines = [
    // A frontend of its own line keeps to it, whatever the process has room for.
    `maxconn ${room} in global, and in the frontend where it has one`,
    `nbthread ${workers}`,
    `ulimit -n ${files} for the process (LimitNOFILE), and no lower fd-hard-limit`,
    ...(sources > 1 ? [`source ADDRESS, a server for each of ${sources} local addresses`] : []),
  ];
  return lines.map((text) => ({ text, place: null }));
}
