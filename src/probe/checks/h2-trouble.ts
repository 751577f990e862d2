/**
 * A trouble of WebSockets over HTTP/2: a fault where browsers meet it, which speak HTTP/2 over TLS alone.
 */
import { type Finding, type FindingId, fault, type Trouble, warning } from "../../diagnosis/finding.js";
import type { H2Symptom } from "../../diagnosis/symptom.js";
import type { ProbeContext } from "../probe-context.js";
import { explained } from "./explained-fault.js";

export const plainWords = "without TLS no browser comes so; a balancer in front, or another client, may";

interface Seen extends Pick<Trouble, "title" | "evidence"> {
  readonly otherwise: Pick<Trouble, "cause" | "cure">;
}

export function h2Trouble(context: ProbeContext, id: FindingId, symptom: H2Symptom, seen: Seen): Finding {
  const { arm, target } = context;
  const trouble = explained(context, symptom, seen);
  if (target.tls) return fault(id, { ...trouble, side: arm.kind === "url" ? "unknown" : "proxy" });
  return warning(id, { ...trouble, evidence: [...trouble.evidence, plainWords] });
}
