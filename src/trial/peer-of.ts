/** Who is at the other end of an arm's connections, and so answers for what nobody else explains. */
import type { PreparedArm } from "./prepare-arms.js";

/** `unknown` where what stands behind it is not wsrally's: it may as well have been that. */
export function peerOf({ backend, plan: { target } }: Pick<PreparedArm, "backend" | "plan">) {
  if (backend === null) return "unknown";
  return target.kind === "direct" ? "backend" : "proxy";
}
