/**
 * Branded units and the only conversions between them. Inside, time is whole nanoseconds; the run document
 * shows microseconds.
 */
declare const unit: unique symbol;

/** A span or a point of monotonic time, in whole nanoseconds. */
export type Ns = number & { readonly [unit]: "ns" };
/** Events per second. */
export type PerSecond = number & { readonly [unit]: "perSecond" };
/** A number of bytes. */
export type Bytes = number & { readonly [unit]: "bytes" };

export function ns(value: number): Ns {
  return Math.round(value) as Ns;
}

export function nsFromMs(milliseconds: number): Ns {
  return Math.round(milliseconds * 1e6) as Ns;
}

export function nsFromSeconds(seconds: number): Ns {
  return Math.round(seconds * 1e9) as Ns;
}

export function msFromNs(value: Ns): number {
  return value / 1e6;
}

export function secondsFromNs(value: Ns): number {
  return value / 1e9;
}

export function usFromNs(value: Ns): number {
  return value / 1e3;
}

export function perSecond(value: number): PerSecond {
  return value as PerSecond;
}

export function bytes(value: number): Bytes {
  return value as Bytes;
}
