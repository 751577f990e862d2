/** Colour, or none: the same call sites either way. Colours only underline what the words already say. */
import { styleText } from "node:util";
import type { Table } from "./table.js";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan" | "magenta" | "bgRed" | "bgGreen";

export type Paint = (style: Style, text: string) => string;

/** What every section of a report is drawn on. */
export interface Page {
  /** Columns that no line may exceed. */
  readonly width: number;
  readonly paint: Paint;
  /** Draws tables in its own way; aligned text when left out. */
  readonly drawTable?: (table: Table) => string[];
}

/** A section of a report that has more to say to who asks for it. */
export interface SectionOptions {
  readonly page: Page;
  readonly detail: Detail;
}

/** `usual`: what a decision needs, on two screens; `full`: everything. */
export type Detail = "usual" | "full";

/** A section with rows of every arm: `brief` is what a decision needs of many of them. */
export interface ArmSectionOptions {
  readonly page: Page;
  readonly detail: Detail | "brief";
}

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
