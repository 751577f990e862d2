/** What one chart shows at a time: lines over a common axis, and words for what stands under the cursor. */

export interface ChartLine {
  readonly name: string;
  /** Chooses colour and dashes. */
  readonly arm: number;
  /** One a place of `xs`; null leaves it out. */
  readonly values: readonly (number | null)[];
  /** Drawn beside the line, any number at a place of `xs`. */
  readonly spots?: readonly (readonly Spot[])[];
  /** `points` are joined by a line, `dots` are not. */
  readonly style: "line" | "points" | "dots";
}

export interface Spot {
  readonly y: number;
  /** A cross is spoilt or missed, a hollow ring not judged, a hollow diamond counts for nothing. */
  readonly shape: "dot" | "ring" | "cross" | "diamond";
}

/** A line across the chart, with words at its end. */
export interface ChartMark {
  /** The axis that it stands on. */
  readonly axis: "x" | "y";
  readonly at: number;
  /** Shaded, on the x axis. */
  readonly span?: readonly [from: number, to: number];
  readonly words: string;
  readonly style: "line" | "dashed" | "dotted";
  /** In the colour of a line; in that of the words when left out. */
  readonly arm?: number;
}

export interface ChartView {
  /** Stands in the list from which a view is chosen. */
  readonly name: string;
  /** What the view is confined to, chosen beside the name; empty when there is no choice. */
  readonly scope: string;
  readonly xs: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly xLabel: string;
  /** Where the x axis may have its marks; the chart chooses when left out. */
  readonly xMarks?: readonly number[];
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
  readonly marks?: readonly ChartMark[];
  /** How far the x axis reaches until the reader narrows it; as far as `xs` when left out. */
  readonly xRange?: readonly [from: number, to: number];
  /** The chart chooses when left out. */
  readonly yScale?: "log";
  /** Stretches of x on a tinted ground. */
  readonly bands?: readonly (readonly [from: number, to: number])[];
  /** What stands at a place of `xs`: where it is, and by line its value. */
  readonly readAt: (index: number) => { readonly where: string; readonly values: readonly (string | null)[] };
}
