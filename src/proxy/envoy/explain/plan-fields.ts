/**
 * The fields that a load needs, from what was measured.
 */
import type { Quote } from "../../../diagnosis/quote.js";
import type { PlannedLoad } from "../../driver.js";
import { filesPerConnection, ownFiles } from "../run/template.js";

/** Room beyond what was measured: clients that come back before the old ones are gone. */
const reserve = 1.1;

export function planFields({ connections, workers }: PlannedLoad): readonly Quote[] {
  const room = Math.ceil(connections * reserve);
  const lines = [
    `circuit_breakers: {thresholds: [{max_connections: ${room}, max_pending_requests: ${room}, max_requests: ${room}}]}`,
    `--concurrency ${Math.max(1, workers)}`,
    `ulimit -n ${room * filesPerConnection + ownFiles}`,
  ];
  return lines.map((text) => ({ text, place: null }));
}
