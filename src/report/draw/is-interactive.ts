/** Whether somebody watches: what the terminal's lines may do depends on it. */

/** The parts of `process.env` that terminals and CI systems speak through. */
export type TerminalEnv = Readonly<Record<string, string | undefined>>;

export interface TerminalSigns {
  readonly isTty: boolean;
  readonly env: TerminalEnv;
}

/** True on a terminal that can rewrite its lines, outside CI. */
export function isInteractive({ isTty, env }: TerminalSigns): boolean {
  return isTty && env.TERM !== "dumb" && !isSet(env.CI);
}

/** CI systems write `true`, `1` or their own name; `false` and `0` are how people switch it off. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value.toLowerCase() !== "false";
}
