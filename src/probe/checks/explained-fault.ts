/**
 * A trouble in the words of the proxy that it was seen at: its driver explains it in its own directives. Where it has
 * nothing to say, the check's own words name none of any proxy.
 */
import { type Finding, type FindingId, fault, type Trouble, warning } from "../../diagnosis/finding.js";
import type { Symptom } from "../../diagnosis/symptom.js";
import type { Explanation } from "../../diagnosis/written-config.js";
import type { ProbeContext } from "../probe-context.js";

interface Seen extends Pick<Trouble, "title" | "evidence"> {
  /** Where no line of a config is known to do it. */
  readonly otherwise?: Pick<Trouble, "cause" | "cure">;
}

const unexplained = {
  cause: "no line of the config was found that does it",
  cure: "see the proxy's log, and the lines that this path goes through",
};

const withoutConfig = {
  cause: "what stands between does it; there is no config of it to read here",
  cure: "see its log, and the lines that this path goes through",
};

/** What is wrong, by the driver where it knows better. */
export function explained(context: ProbeContext, symptom: Symptom, seen: Seen): Trouble {
  return troubleOf(context, context.config?.explain(symptom) ?? null, seen);
}

function troubleOf(
  { behind }: ProbeContext,
  told: Explanation | null,
  { title, evidence, otherwise }: Seen,
): Trouble {
  const { cause, cure } = told ?? otherwise ?? (behind === null ? unexplained : withoutConfig);
  return { side: "proxy", title: told?.title ?? title, evidence, cause, cure };
}

/** A fault, unless the driver knows that it may well be meant. */
export function explainedFault(context: ProbeContext, id: FindingId, symptom: Symptom, seen: Seen): Finding {
  const told = context.config?.explain(symptom) ?? null;
  const trouble = troubleOf(context, told, seen);
  return told?.isMild === true ? warning(id, trouble) : fault(id, trouble);
}
