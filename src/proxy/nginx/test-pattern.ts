/**
 * Whether a regular expression of a config matches, in bounded time: one may be written to backtrack for years, and
 * nothing else of wsrally would run meanwhile.
 */
import { createContext, Script } from "node:vm";

/** nginx's own library gives up as well; what takes so long has no part in a sensible config. */
const limitMs = 100;
/** Repeats of a group, or many of single characters, are what takes long. The rest is not worth a context. */
const risky = /\)[*+{]|\\[1-9k]|(?:[*+}][^*+}]*){3}/;

const context = createContext({ pattern: /x/, text: "" });
const script = new Script("pattern.test(text)");

/** False also for what cannot be told in time. */
export function testPattern(pattern: RegExp, text: string): boolean {
  if (!risky.test(pattern.source)) return pattern.test(text);
  context.pattern = pattern;
  context.text = text;
  try {
    return script.runInContext(context, { timeout: limitMs }) === true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw thrown;
  }
}
