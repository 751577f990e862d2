/**
 * Whether a regular expression of a config matches, in bounded time: one may be written to backtrack for years, and
 * nothing else of wsrally would run meanwhile.
 */
import { createContext, Script } from "node:vm";

/** Of processor time. nginx's own library gives up as well; what takes so long has no part in a sensible config. */
const limitMs = 100;
/** Node limits the time on the clock: a process that was held back meanwhile is asked again, but not without end. */
const attemptsMost = 50;
/** Repeats of a group, or many of single characters, are what takes long. The rest is not worth a context. */
const risky = /\)[*+{]|\\[1-9k]|(?:[*+}][^*+}]*){3}/;

const context = createContext({ pattern: /x/, text: "", replacement: "" });
const match = new Script("pattern.exec(text)");
const replace = new Script("text.replace(pattern, replacement)");

/** False also for what cannot be told in time. */
export function testPattern(pattern: RegExp, text: string): boolean {
  return matchPattern(pattern, text) !== null;
}

/** The whole match and its groups; null also for what cannot be told in time. */
export function matchPattern(pattern: RegExp, text: string): readonly (string | undefined)[] | null {
  if (!risky.test(pattern.source)) return pattern.exec(text);
  // An array of another context, but an array.
  const found = inTime(match, { pattern, text, replacement: "" }) as RegExpExecArray | null | undefined;
  return found ?? null;
}

/** As `String.replace`; null for what cannot be told in time. */
export function replacePattern(pattern: RegExp, text: string, replacement: string): string | null {
  if (!risky.test(pattern.source)) return text.replace(pattern, replacement);
  const replaced = inTime(replace, { pattern, text, replacement });
  return typeof replaced === "string" ? replaced : null;
}

interface Subject {
  readonly pattern: RegExp;
  readonly text: string;
  readonly replacement: string;
}

/** Undefined for what takes too long. */
function inTime(script: Script, subject: Subject): unknown {
  Object.assign(context, subject);
  const startUs = processorUs();
  for (let attempt = 0; attempt < attemptsMost; attempt++) {
    try {
      return script.runInContext(context, { timeout: limitMs });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw thrown;
      if (processorUs() - startUs >= limitMs * 1e3) return undefined;
    }
  }
  return undefined;
}

function processorUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
