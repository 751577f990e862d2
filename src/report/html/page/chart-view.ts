/** What one chart shows at a time: lines over a common axis, and words for what stands under the cursor. */

export interface ChartLine {
  readonly name: string;
  /** Chooses colour and dashes. */
  readonly arm: number;
  /** One a place of `xs`; null leaves it out. */
  readonly values: readonly (number | null)[];
  /** Drawn as crosses, off the line. */
  readonly crosses?: readonly (number | null)[];
  readonly style: "line" | "dashed" | "points";
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
  /** Stretches of x on a tinted ground. */
  readonly bands?: readonly (readonly [from: number, to: number])[];
  /** What stands at a place of `xs`: where it is, and by line its value. */
  readonly readAt: (index: number) => { readonly where: string; readonly values: readonly (string | null)[] };
}
