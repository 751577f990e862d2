/**
 * Numbers as a reader wants them: three digits that count, units that fit. What was not measured, or is no
 * number, is `-`, never 0.
 */

/** Stands for a value that was not measured. */
export const absent = "-";

type MaybeNumber = number | null | undefined;

function isMeasured(value: MaybeNumber): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** `850 ns`, `121 µs`, `1.20 ms`, `12.3 s`: from microseconds. */
export function formatUs(us: MaybeNumber): string {
  if (!isMeasured(us)) return absent;
  if (us === 0) return "0 µs";
  const units = [
    ["ns", 1e-3],
    ["µs", 1],
    ["ms", 1e3],
    ["s", 1e6],
  ] as const;
  // Rounded before the unit is chosen, so that 999.7 µs reads 1.00 ms and not 1000 µs.
  const rounded = Number(us.toPrecision(3));
  const [name, size] = units.findLast(([, least]) => Math.abs(rounded) >= least) ?? units[0];
  const value = rounded / size;
  return `${Math.abs(value) >= 1000 ? formatCount(value) : withThreeDigits(value)} ${name}`;
}

/** `1:05` or `42 s`: what is left of a run. */
export function formatSecondsLeft(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")} min`;
}

/** Seconds of a window: `1 s`, `0.25 s`. */
export function formatSeconds(seconds: MaybeNumber): string {
  return isMeasured(seconds) ? `${Number(seconds.toPrecision(3))} s` : absent;
}

/** Whole, with thousands separators. */
export function formatCount(count: MaybeNumber): string {
  if (!isMeasured(count)) return absent;
  // `+ 0` keeps the sign off a negative zero.
  return (Math.round(count) + 0).toLocaleString("en-US");
}

/** `9,998` or `12.5`: events a second. */
export function formatPerS(perS: MaybeNumber): string {
  if (!isMeasured(perS)) return absent;
  return Math.abs(perS) < 100 ? String(Number(perS.toPrecision(3))) : formatCount(perS);
}

/** `5 %`, `12.5 %`, `0.04 %`: from a share. */
export function formatPercent(share: MaybeNumber): string {
  if (!isMeasured(share)) return absent;
  const percent = share * 100;
  if (Math.abs(percent) >= 1000) return `${formatCount(percent)} %`;
  return `${Number(percent.toFixed(Math.abs(percent) < 1 ? 2 : 1))} %`;
}

/** `512 B`, `12.1 KiB`, `1.50 GiB`. */
export function formatBytes(bytes: MaybeNumber): string {
  if (!isMeasured(bytes)) return absent;
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (Math.abs(Math.round(value)) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? formatCount(value) : withThreeDigits(value)} ${units[unit]}`;
}

/** Candidate over baseline with its 95 % interval, in as many digits as the interval's width deserves. */
export interface RatioText {
  /** `1.02x` */
  readonly ratio: string;
  /** `0.99-1.05`, or `-` when there is none. */
  readonly interval: string;
}

export function formatRatio(ratio: MaybeNumber, low: MaybeNumber, high: MaybeNumber): RatioText {
  const hasInterval = isMeasured(low) && isMeasured(high);
  const isNarrow = hasInterval && high - low < 0.02;
  const digits = (value: number): string => {
    if (value >= 1000) return formatCount(value);
    if (value >= 10) return withThreeDigits(value);
    return value.toFixed(isNarrow ? 3 : 2);
  };
  return {
    ratio: isMeasured(ratio) ? `${digits(ratio)}x` : absent,
    interval: hasInterval ? `${digits(low)}-${digits(high)}` : absent,
  };
}

/** `1 block`, `14 blocks`: a count with its noun. */
export function formatNumberOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function withThreeDigits(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1000) return formatCount(value);
  return value.toFixed(magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2);
}

/** `20.0 ms`, or with the standard deviation behind it: `20.0 ms ± 5.00 ms`. */
export function formatDelay({
  delayMs,
  jitterMs,
}: {
  readonly delayMs: number;
  readonly jitterMs: number;
}): string {
  const ms = formatUs(delayMs * 1e3);
  return jitterMs === 0 ? ms : `${ms} ± ${formatUs(jitterMs * 1e3)}`;
}
