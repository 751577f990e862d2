/**
 * A fault in the words of the proxy that it was seen at: its driver explains it in its own directives. Where it has
 * nothing to say, the words name none of any proxy.
 */
import { type Finding, type FindingId, fault, type Trouble } from "../../diagnosis/finding.js";
import type { Symptom } from "../../diagnosis/symptom.js";
import type { ProbeContext } from "../probe-context.js";

type Seen = Pick<Trouble, "title" | "evidence">;

/** What is wrong, by the driver where it knows better. */
export function explained({ config }: ProbeContext, symptom: Symptom, { title, evidence }: Seen): Trouble {
  const told = config?.explain(symptom) ?? null;
  return {
    side: "proxy",
    title: told?.title ?? title,
    evidence,
    cause: told?.cause ?? "no line of the config was found that does it",
    cure: told?.cure ?? "see the proxy's log, and the lines that this path goes through",
  };
}

export function explainedFault(context: ProbeContext, id: FindingId, symptom: Symptom, seen: Seen): Finding {
  return fault(id, explained(context, symptom, seen));
}
