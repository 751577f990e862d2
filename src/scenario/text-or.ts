/** A key that is written in full, or in one line of text. */
import { z } from "zod";
import { placeWords } from "./place-words.js";

interface InnerIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * @param full as keys and lists
 * @param read a text into the same, unchecked; null for a text that is none
 * @param words for what is neither
 */
export function textOr<Full extends z.ZodType>(
  full: Full,
  read: (text: string) => unknown,
  words: string,
): z.ZodType<z.output<Full>, string | number | z.input<Full>> {
  const error = ({ input, errors }: { readonly input?: unknown; readonly errors?: unknown }): string => {
    const [first] = ((errors ?? []) as InnerIssue[][]).at(-1) ?? [];
    return typeof input !== "object" || first === undefined ? words : wordsOf(first);
  };
  return z.union([z.string(), z.number(), full], { error }).transform((given, { addIssue }) => {
    if (typeof given !== "string" && typeof given !== "number") return given;
    const meant = read(String(given));
    const parsed = full.safeParse(meant);
    if (parsed.success) return parsed.data;
    const [first] = parsed.error.issues;
    addIssue({ code: "custom", message: meant === null || first === undefined ? words : wordsOf(first) });
    return z.NEVER;
  });
}

/** With the place within the key, where it has one. */
function wordsOf({ path, message }: InnerIssue): string {
  return path.length === 0 ? message : `${placeWords(path)}: ${message}`;
}
