/** What a schema of words says of anything else. */
import { meantWords } from "../base/nearest-name.js";

/** The words that there are, and the one that was meant. */
export function oneOf(names: readonly string[]): { error(issue: { readonly input: unknown }): string } {
  return { error: ({ input }) => `want one of ${names.join(", ")}${meantWords(String(input), names)}` };
}
