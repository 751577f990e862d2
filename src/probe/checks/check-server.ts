/**
 * Which proxy a server that is not ours looks like. It is said with what tells it, for anybody may answer as another does.
 */
import { type Finding, note, notTested } from "../../diagnosis/finding.js";
import { lookAtServer } from "../look-at-server.js";
import type { ProbeContext } from "../probe-context.js";

export async function checkServer(context: ProbeContext): Promise<readonly Finding[]> {
  // Of a proxy that runs here it is known.
  if (context.arm.kind !== "url") return [];
  const named = await lookAtServer(context);
  if (named === null)
    return [notTested("server", "nothing that was asked tells which proxy answers, if any does")];
  return [
    note("server", {
      title: `what answers here looks like ${named.title}`,
      evidence: named.evidence,
      cause: `${named.title} answers so by itself; it may stand before another proxy, and anybody may imitate it`,
    }),
  ];
}
