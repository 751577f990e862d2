/**
 * The branded unit of time and its conversions. Inside, time is whole nanoseconds; the run document shows
 * microseconds.
 */
declare const unit: unique symbol;

/** A span or a point of monotonic time, in whole nanoseconds. */
export type Ns = number & { readonly [unit]: "ns" };

export function ns(value: number): Ns {
  return Math.round(value) as Ns;
}

export function usFromNs(value: Ns): number {
  return value / 1e3;
}
