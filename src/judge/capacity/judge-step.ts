/**
 * Whether one step of a capacity search kept what it is held to: the SLO, no failure, and the whole offer carried. A
 * step that did not, while the generator was not fit, is void: it says nothing of the proxy. One that did counts even
 * so, for an unfit generator makes nothing faster.
 */
import type { TrialResult } from "../../results/trial-schema.js";
import { latencyLimitS, type Slo } from "../../scenario/slo.js";
import type { StepKind, StepVerdict } from "../../trial/capacity/capacity-step.js";
import { readSlo, sloWords } from "../slo-in-trial.js";

/** Of the messages that fall due in a window, those whose replies may come after it. */
const lateShare = 0.01;
/**
 * The same where the SLO allows that much: a queue as long as its latency, met at the window's end, keeps it. Beyond
 * this share it grew in the window, however patient the SLO is.
 */
const lateShareMost = 0.05;
/** Below so many messages one reply more or less across the window's edge is no shortfall. */
const edgeMessages = 3;
/** Failures that are the generator's own. */
const ownLimits: ReadonlySet<string> = new Set(["no-descriptors", "no-ports"]);

export function judgeStep(kind: StepKind, slos: readonly Slo[], trial: TrialResult): StepVerdict {
  const own = trial.failures.filter((failure) => ownLimits.has(failure.kind));
  if (own.length > 0) {
    return {
      outcome: "void",
      because: own.map(({ kind: name, example }) => `generator: ${name} (${example})`),
    };
  }
  const faults = [...lossFaults(trial), ...failureFaults(kind, slos, trial)];
  if (kind === "connections") return faults.length === 0 ? pass : { outcome: "fail", because: faults };
  const { healthy, reasons } = trial.generator;
  const unfit: StepVerdict = { outcome: "void", because: [`generator: ${reasons.join(", ")}`, ...faults] };
  if (kind === "payload" || kind === "memory") {
    if (!healthy) return unfit;
    return faults.length === 0 ? pass : { outcome: "void", because: faults };
  }
  const readings = slos.map((slo) => readSlo(slo, trial));
  const missed = readings.filter(({ isMet }) => isMet === false).map(sloWords);
  const untold = readings.filter(({ isMet }) => isMet === null).map(sloWords);
  const because = [...missed, ...offerFaults(slos, trial), ...faults];
  if (because.length > 0)
    return healthy ? { outcome: "fail", because } : { ...unfit, because: [...unfit.because, ...missed] };
  return untold.length > 0 ? { outcome: "void", because: untold } : pass;
}

const pass: StepVerdict = { outcome: "pass", because: [] };

function lossFaults({ connections, messages }: TrialResult): string[] {
  const { requested, opened, held } = connections;
  const faults: string[] = [];
  if (opened < requested) faults.push(`${opened} of ${requested} connections opened`);
  if (held < opened) faults.push(`${held} of ${opened} connections held`);
  if (messages.received < messages.sent)
    faults.push(`${messages.received} of ${messages.sent} messages answered`);
  return faults;
}

/** An SLO that allows some failures has the say; else there are to be none. */
function failureFaults(kind: StepKind, slos: readonly Slo[], { failures }: TrialResult): string[] {
  if (kind !== "connections" && slos.some(({ metric }) => metric === "failures")) return [];
  return failures.map((failure) => `${failure.count} ${failure.kind} (${failure.example})`);
}

function offerFaults(
  slos: readonly Slo[],
  { throughputPerS, offeredPerS, durationS }: TrialResult,
): string[] {
  if (offeredPerS === null) return [];
  const missing = (offeredPerS - throughputPerS) * durationS;
  const allowedS = Math.min(latencyLimitS(slos) ?? 0, lateShareMost * durationS);
  const allowed = Math.max(edgeMessages, offeredPerS * Math.max(allowedS, lateShare * durationS));
  const rounded = (perS: number): string => Math.round(perS).toLocaleString("en");
  return missing <= allowed
    ? []
    : [`${rounded(throughputPerS)}/s of ${rounded(offeredPerS)}/s offered came back`];
}
