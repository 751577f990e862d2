/**
 * A table as data: what is drawn as aligned text, as a list, or as HTML.
 */
import type { Style } from "./paint.js";

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** Columns of the lowest number are left out first; a column without one always stays. */
  readonly keep?: number;
  /** Cut to what the others leave; one column a table at most. */
  readonly flexible?: true;
  /** A cell like the one above it stays blank. */
  readonly grouped?: true;
}

export interface Cell {
  readonly text: string;
  readonly style?: Style;
  /** Instead of one style: the style of each character, for drawings. */
  readonly styleOf?: (character: string) => Style | null;
}

export interface Row {
  readonly cells: readonly (string | Cell)[];
  /** Lines of words under the row, across all columns. */
  readonly notes?: readonly string[];
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}
