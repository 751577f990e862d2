/** Colour, or none: the same call sites either way. Colours only underline what the words already say. */
import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "magenta" | "bgRed" | "bgGreen";

export type Paint = (style: Style, text: string) => string;

export function createPaint({ colour }: { readonly colour: boolean }): Paint {
  // Newer Nodes would otherwise look at stdout and decide for themselves; the caller has decided.
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

/** One character of a drawing. */
export interface Spot {
  readonly symbol: string;
  readonly style: Style | null;
}

/** Paints neighbours of one style together, to keep the escape codes few. */
export function paintRuns(spots: readonly Spot[], paint: Paint): string {
  let text = "";
  for (let at = 0; at < spots.length; ) {
    const style = spots[at]?.style ?? null;
    let run = "";
    while (at < spots.length && (spots[at]?.style ?? null) === style) run += spots[at++]?.symbol ?? " ";
    text += style === null ? run : paint(style, run);
  }
  return text;
}
