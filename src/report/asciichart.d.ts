/** The part of asciichart that chart.ts uses; the package brings no types of its own. */
declare module "asciichart" {
  interface PlotConfig {
    readonly min?: number;
    readonly max?: number;
    readonly height?: number;
    readonly offset?: number;
    /** Axis at zero, axis, two unused, then `─ ╰ ╭ ╮ ╯ │`. */
    readonly symbols?: readonly string[];
    readonly format?: (value: number) => string;
  }
  export function plot(series: readonly number[], config?: PlotConfig): string;
}
