/** Whether the terminal shows more than ASCII, by the locale's character set. */
import type { TerminalEnv } from "./is-interactive.js";

/**
 * The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set decides, as in POSIX. None set says nothing: containers and
 * CI systems leave them out and show UTF-8 all the same.
 */
export function shouldUseUnicode(env: TerminalEnv): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== "");
  return locale === undefined || /utf-?8/i.test(locale);
}
