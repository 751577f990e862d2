/** Every exit code, in one place. Node's own 1 is a crash, so that it never means a verdict. */
export const exitCodes = {
  ok: 0,
  usage: 2,
  environment: 3,
  failed: 20,
  inconclusive: 21,
  interrupted: 130,
} as const;

type ExitName = keyof typeof exitCodes;
export type ExitCode = (typeof exitCodes)[ExitName];

/** What each means, for manuals. */
export const exitMeanings: Readonly<Record<ExitName, string>> = {
  ok: "Done, or passed. run, compare and rollout end so whatever the verdict or the bill",
  usage:
    "The input: an unknown flag, a broken scenario, a missing file, a load that the config has no room for",
  environment:
    "The machine or the proxy: it does not start, it does not upgrade, descriptors or ports are too few, a place cannot be written",
  failed:
    "A regression in a gate, an SLO that is missed or that no load keeps, a fault found by probe, or a figure that verify could not make again from the runs beside it",
  inconclusive: "A gate or an SLO that could not be judged: nothing is proven either way",
  interrupted: "Interrupted; what was measured is kept",
};
