/**
 * What a load needs of a Caddy, from what was measured: its config has no size to set, its process has.
 */
import type { Quote } from "../../../diagnosis/quote.js";
import type { PlannedLoad } from "../../driver.js";
import { filesPerConnection, ownFiles } from "../run/template.js";

/** Room beyond what was measured: clients that come back before the old ones are gone. */
const reserve = 1.1;

export function planDirectives({ connections, workers }: PlannedLoad): readonly Quote[] {
  const files = Math.ceil(connections * reserve) * filesPerConnection + ownFiles;
  const lines = [`GOMAXPROCS=${workers}`, `ulimit -n ${files}`];
  return lines.map((text) => ({ text, place: null }));
}
