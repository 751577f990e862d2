/**
 * Why trials did not count: of all that went wrong in those that are out, what is the commonest. A run that many of its
 * trials are missing from says this first, for more blocks would be missing as well.
 */
import { logCauseCures } from "../diagnosis/log-cause.js";
import { failureMeanings } from "../load/failure.js";
import type { ArmResult } from "../results/run-document.js";
import type { TrialResult } from "../results/trial-schema.js";

export interface VoidCause {
  /** Trials that are out, and all there are. */
  readonly out: number;
  readonly trials: number;
  /** What kept the most of them out, and how many of them that was, and in which arms. */
  readonly words: string;
  readonly count: number;
  readonly arms: readonly string[];
  /** What would do; null where only the reason tells. */
  readonly cure: string | null;
  /** Whether it was the machine, or the load on it, and not what is measured. */
  readonly isMachine: boolean;
}

/** Why a trial is out, by its code; one of a newer wsrally stands for itself. */
export const reasonMeanings: Readonly<Record<string, string>> = {
  "generator-saturated": "the generator's thread was busy all the time, so it measured itself",
  "sends-late": "sends fell far behind their schedule",
  "sends-missing": "messages that fell due could not be sent",
  "connections-not-opened": "connections could not be opened",
  "connections-lost": "connections were lost under load",
  "replies-missing": "messages were never answered",
  "pushes-missing": "pushes of the backend never arrived",
  "deliveries-missing": "messages to rooms never came to all members",
  "pushes-late": "the backend sent its pushes far behind their schedule",
  "littles-law": "connections, throughput and mean latency do not fit together (Little's law)",
  "line-late": "the line between clients and proxy was late, or lost packets for want of time",
  "processor-stolen": "the hypervisor gave the processor to others",
  "proxy-exited": "the proxy, or a process of it, ended",
  "proxy-reloaded": "the proxy was reloaded",
  "generator-stood-still": "the generator was stopped, or had no processor, for more than a second",
  "backend-stood-still": "wsrally's backend was stopped, or had no processor, for more than a second",
  "clock-set": "the machine's clock was set meanwhile, and the kernel stamps what it receives by it",
  "proxy-misplaced": "a process of the proxy was not kept to the processors it was given",
  "generator-misplaced": "a thread of the generator was not kept to the processors it was given",
  "start-skew": "its generators, on several hosts, began more than 100 ms apart",
  "backend-misplaced": "the backend was not kept to the processors it was given",
};

/** What the machine, or too high a load on it, does to any arm. */
const machineCures: Readonly<Record<string, string | null>> = {
  "generator-saturated": "a lower load (--rate)",
  "sends-late": "a lower load (--rate), or fewer neighbours on the machine",
  "line-late": "a lower load (--rate), or fewer neighbours on the machine",
  "processor-stolen": "a machine of its own",
  "clock-set": "a clock that is slewed (chrony, ntpd) and not set",
  "generator-stood-still": "fewer neighbours on the machine",
  "backend-stood-still": "fewer neighbours on the machine",
  "start-skew": "hosts that have a processor to spare for their agents",
  "sends-missing": "a lower load (--rate)",
  "pushes-late": "fewer pushes (--push), or fewer neighbours on the machine",
  "littles-law": null,
};

const placingCure =
  "`cpus: none` in a scenario leaves placing to the system; else whatever moves processes must not";

/** Null where every trial counts. */
export function voidCause(arms: readonly Pick<ArmResult, "name" | "trials">[]): VoidCause | null {
  const found = new Map<string, TrialCause & { count: number; readonly arms: Set<string> }>();
  for (const { name, trials } of arms) {
    for (const trial of trials) {
      const cause = causeOf(trial);
      if (cause === null) continue;
      const known = found.get(cause.words) ?? { ...cause, count: 0, arms: new Set() };
      known.count++;
      known.arms.add(name);
      found.set(cause.words, known);
    }
  }
  const [commonest] = [...found.values()].sort((a, b) => b.count - a.count);
  if (commonest === undefined) return null;
  const all = arms.flatMap(({ trials }) => trials);
  return {
    ...commonest,
    arms: [...commonest.arms],
    out: all.filter(({ disqualified }) => disqualified).length,
    trials: all.length,
  };
}

interface TrialCause extends Pick<VoidCause, "words" | "cure" | "isMachine"> {}

/** Whether nothing but the machine, or the load on it, stood in a trial's way. */
export function isMachinesDoing({ disqualifiedBecause }: Pick<TrialResult, "disqualifiedBecause">): boolean {
  return disqualifiedBecause.every((reason) => reason in machineCures);
}

/** Null for a trial that counts. */
function causeOf(trial: TrialResult): TrialCause | null {
  if (!trial.disqualified) return null;
  const { disqualifiedBecause, failures } = trial;
  if (isMachinesDoing(trial)) {
    const [reason = ""] = disqualifiedBecause;
    return { words: reasonMeanings[reason] ?? reason, cure: machineCures[reason] ?? null, isMachine: true };
  }
  // A schedule that is missed beside failures is mostly their doing.
  const [worst] = [...failures].sort((a, b) => b.count - a.count);
  if (worst === undefined) {
    const [reason = ""] = disqualifiedBecause.filter((one) => !(one in machineCures));
    const cure = reason.endsWith("-misplaced") ? placingCure : null;
    return { words: reasonMeanings[reason] ?? reason, cure, isMachine: false };
  }
  const { kind, cause, causeId } = worst;
  const cure = causeId == null ? null : (logCauseCures[causeId] ?? null);
  return { words: cause ?? failureMeanings[kind], cure, isMachine: false };
}
