/**
 * What every section of a report is drawn on, and how much of it is wanted.
 */
import type { Paint } from "./paint.js";
import type { Table } from "./table-model.js";

/** What every section of a report is drawn on. */
export interface Page {
  /** Columns that no line may exceed. */
  readonly width: number;
  readonly paint: Paint;
  /** On one screen: without legends, and without what only explains a row. */
  readonly isBrief?: boolean;
  /** Draws tables in its own way; aligned text when left out. */
  readonly drawTable?: (table: Table) => string[];
}

/** A section of a report that has more to say to who asks for it. */
export interface SectionOptions {
  readonly page: Page;
  readonly detail: Detail;
}

/** `usual`: what a decision needs, on one screen; `full`: everything. */
export type Detail = "usual" | "full";
