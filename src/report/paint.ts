/** Colour, or none: the same call sites either way. Colours only underline what the words already say. */
import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "magenta";

export type Paint = (style: Style, text: string) => string;

/** What every section of a report is drawn on. */
export interface Page {
  /** Columns that no line may exceed. */
  readonly width: number;
  readonly paint: Paint;
}

export function createPaint({ colour }: { readonly colour: boolean }): Paint {
  // Newer Nodes would otherwise look at stdout and decide for themselves; the caller has decided.
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}
