/**
 * What stands in an imported text for the words behind `import`: `{args[0]}`, `{args[1:]}`, and `{block}` for its block.
 */
import type { Lexed } from "./read-words.js";

export interface ImportTerms {
  readonly args: readonly Lexed[];
  readonly block: readonly Lexed[];
}

/** With every argument in its place; what there is none for stays, as it does in Caddy. */
export function argumentsFilled(brought: readonly Lexed[], { args, block }: ImportTerms): Lexed[] {
  return brought.flatMap((word): Lexed[] => {
    if (word.text === "{block}" && !word.quoted) return [...block];
    const range = /^\{args\[(\d*):(\d*)\]\}$/.exec(word.text);
    if (range !== null) {
      const [, from = "", to = ""] = range;
      return args.slice(Number(from || 0), to === "" ? undefined : Number(to)).map((one, index) => ({
        ...one,
        place: word.place,
        startsLine: word.startsLine && index === 0,
      }));
    }
    const text = word.text.replace(
      /\{args(?:\[(\d+)\]|\.(\d+))\}/g,
      (whole, first?: string, second?: string) => args[Number(first ?? second)]?.text ?? whole,
    );
    return [text === word.text ? word : { ...word, text }];
  });
}
