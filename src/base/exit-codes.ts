/**
 * Every exit code, in one place. Node's own 1 stays a crash, so that it never means a verdict.
 */
export const exitCodes = {
  /** Done, or passed. `run` and `compare` end so whatever the verdict. */
  ok: 0,
  /** The user's input: an unknown flag, a broken scenario, a missing file. */
  usage: 2,
  /** The machine or the proxy: it won't start, it doesn't upgrade, descriptors or ports are too few. */
  environment: 3,
  /** A regression, a missed SLO, or a fault found by `probe`. */
  failed: 20,
  /** Nothing could be shown either way. */
  inconclusive: 21,
  /** Interrupted by the user; what was measured is kept. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
