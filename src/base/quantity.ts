/**
 * Times, sizes, counts, rates and shares as people write them: `500ms`, `16k`, `5,000`, `5k/s`, `3%`. A bare number is
 * in the kind's own unit: seconds, bytes, pieces, pieces a second, a share of one.
 */
import { UsageError } from "./errors.js";

const kinds = {
  time: {
    noun: "a time",
    units: { us: 1e-6, ms: 1e-3, s: 1, sec: 1, m: 60, min: 60, h: 3600, d: 86_400 },
    shown: ["ms", "s", "m", "h", "d"],
    examples: ["5s", "2m", "500ms", "1h", "20ms"],
  },
  // As nginx's own sizes and those of coreutils: a bare letter is a power of 1,024, with a B behind it of 1,000.
  size: {
    noun: "a size in bytes",
    units: {
      B: 1,
      k: 2 ** 10,
      K: 2 ** 10,
      M: 2 ** 20,
      kB: 1e3,
      KB: 1e3,
      MB: 1e6,
      KiB: 2 ** 10,
      MiB: 2 ** 20,
    },
    shown: ["B", "KiB", "MiB"],
    examples: ["64", "16k", "1MB"],
  },
  count: {
    noun: "a whole number",
    units: { k: 1e3, K: 1e3, M: 1e6 },
    shown: [],
    examples: ["5", "5,000", "20k"],
  },
  rate: {
    noun: "a number a second",
    units: { k: 1e3, K: 1e3, M: 1e6, "/s": 1, "k/s": 1e3, "K/s": 1e3, "M/s": 1e6 },
    shown: [],
    examples: ["5", "5,000", "20k"],
  },
  share: {
    noun: "a share",
    units: { "%": 0.01 },
    shown: ["%"],
    examples: ["3%", "0.03"],
  },
} as const;

export type QuantityKind = keyof typeof kinds;

/** What a value may be, in the kind's own unit. */
export interface Quantity {
  readonly kind: QuantityKind;
  readonly least: number;
  readonly most: number;
  /** The least is too little itself. */
  readonly isAbove?: boolean;
}

/** Digits, with commas between thousands or without, and a unit of the kind's or none. */
export function quantityPattern(kind: QuantityKind): RegExp {
  const units = Object.keys(kinds[kind].units).join("|");
  return new RegExp(`^ *(\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d*\\.?\\d+(?:e\\d+)?) *(${units})? *$`);
}

/** @returns null for what is no such quantity, or out of its range */
export function readQuantity(text: string, quantity: Quantity): number | null {
  const [, digits, unit] = quantityPattern(quantity.kind).exec(text) ?? [];
  if (digits === undefined) return null;
  // Without the rounding 7% were 0.07000000000000001.
  const value = Number((Number(digits.replace(/,/g, "")) * scaleOf(quantity.kind, unit)).toPrecision(15));
  return isWithin(value, quantity) ? value : null;
}

function scaleOf(kind: QuantityKind, unit: string | undefined): number {
  const units: Readonly<Record<string, number>> = kinds[kind].units;
  return (unit === undefined ? null : units[unit]) ?? 1;
}

function isWithin(value: number, { kind, least, most, isAbove = false }: Quantity): boolean {
  const isWhole = kind !== "count" && kind !== "size" ? true : Number.isInteger(value);
  return isWhole && value <= most && (isAbove ? value > least : value >= least);
}

/** `want a time from 50ms to 1h, such as 5s or 2m`: the examples are within the range. */
export function wantedWords(quantity: Quantity): string {
  const { kind, least, most, isAbove = false } = quantity;
  const { noun, examples } = kinds[kind];
  const fitting = examples.filter((example) => readQuantity(example, quantity) !== null).slice(0, 2);
  const such = fitting.length === 0 ? "" : `, such as ${fitting.join(" or ")}`;
  const range = isAbove
    ? `above ${inWords(least, kind)} and up to ${inWords(most, kind)}`
    : `from ${inWords(least, kind)} to ${inWords(most, kind)}`;
  return `want ${noun} ${range}${such}`;
}

/** In the largest unit that gives a number of one or more, as it may be typed. */
function inWords(value: number, kind: QuantityKind): string {
  const unit = kinds[kind].shown.filter((one) => value >= scaleOf(kind, one)).at(-1);
  return `${(value / scaleOf(kind, unit)).toLocaleString("en", { maximumFractionDigits: 3 })}${unit ?? ""}`;
}

/** A flag's value. @throws UsageError with the flag, what was given and an example that works */
export function readQuantityFlag(name: string, given: unknown, quantity: Quantity): number {
  const value = readQuantity(String(given), quantity);
  if (value !== null) return value;
  throw new UsageError(`Cannot use --${name} ${String(given)}: ${wantedWords(quantity)}`);
}
