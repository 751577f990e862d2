/**
 * SLO expressions: `response.p99 < 20ms`, `failures == 0 && throughput > 5000/s`.
 *
 * ```
 * expression = clause { ("&&" | ",") clause }
 * clause     = name ("<" | "<=" | ">" | ">=" | "==") number [unit]
 * ```
 * Names, units and directions are checked here, before any load.
 */
import { UsageError } from "../base/errors.js";
import { meantWords } from "../base/nearest-name.js";
import { percentileNames } from "./metric.js";
import {
  findSloMetric,
  knownSloNames,
  type SloMetric,
  type SloMetricFacts,
  scaleOf,
  sloMetrics,
  unitsOf,
} from "./slo-metric.js";

const operators = ["<=", ">=", "==", "<", ">"] as const;
type SloOperator = (typeof operators)[number];

/** One clause: what it is about, and where it has to lie. */
export interface Slo {
  /** As written, without blanks around it. */
  readonly expression: string;
  readonly metric: SloMetric;
  readonly operator: SloOperator;
  /** In the metric's own unit (`slo-metric.ts`). */
  readonly limit: number;
}

/** Whether a value, in the metric's own unit, keeps the clause. */
export function holds({ operator, limit }: Slo, value: number): boolean {
  switch (operator) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
    case "==":
      return value === limit;
  }
}

/**
 * The strictest upper limit of a latency, mean, percentile or greatest, of whatever series, in seconds.
 * @returns null where there is none
 */
export function latencyLimitS(slos: readonly Slo[]): number | null {
  const limits = slos
    .filter(({ metric, operator }) => operator.startsWith("<") && sloMetrics.get(metric)?.unit === "us")
    .map(({ limit }) => limit / 1e6);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** @throws UsageError that shows the place of the first fault and what is wanted there */
export function parseSlos(text: string): Slo[] {
  const reader = new Reader(text);
  const slos = [readClause(reader)];
  while (!reader.isAtEnd()) {
    if (reader.take(/&&|,/) === null)
      throw reader.fault("want && or a comma between two clauses, or the end");
    slos.push(readClause(reader));
  }
  return slos;
}

function readClause(reader: Reader): Slo {
  const start = reader.place();
  const name = reader.take(/[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)*/);
  if (name === null) throw reader.fault(`want a name: ${knownSloNames}`);
  const metric = findSloMetric(name);
  const facts = metric === null ? undefined : sloMetrics.get(metric);
  if (metric === null || facts === undefined) {
    const near = meant(name);
    throw reader.fault(`there is no ${name}${near === "" ? `; want ${knownSloNames}` : near}`, start);
  }
  const operator = readOperator(reader, name, facts);
  const limit = readLimit(reader, name, facts);
  return { expression: reader.textSince(start), metric, operator, limit };
}

/** A percentile that is not kept is as like one that is as another: which was meant is not to be guessed. */
function meant(name: string): string {
  const percentile = /(?:^|\.)(p\d+)$/.exec(name)?.[1];
  return percentile !== undefined && !percentileNames.some((one) => one === percentile)
    ? ` (percentiles are ${percentileNames.join(", ")})`
    : meantWords(name, [...sloMetrics.keys(), "throughput"]);
}

function readOperator(reader: Reader, name: string, facts: SloMetricFacts): SloOperator {
  const place = reader.nextPlace();
  const written = reader.take(/[<>=!]+/);
  const operator = operators.find((one) => one === written);
  const [wanted, other] = facts.good === "below" ? (["<", ">"] as const) : ([">", "<"] as const);
  const choice = facts.counted ? `==, ${wanted} or ${wanted}=` : `${wanted} or ${wanted}=`;
  if (operator === undefined) {
    const hint = facts.counted && written === "=" ? " (did you mean ==?)" : "";
    throw reader.fault(`want ${choice}${hint}`, place);
  }
  if (operator === "==" && !facts.counted) {
    throw reader.fault(
      `${name} varies from trial to trial, so that it equals nothing: want ${choice}`,
      place,
    );
  }
  if (operator.startsWith(other)) {
    throw reader.fault(`${name} is good ${facts.good} its limit: want ${choice}`, place);
  }
  return operator;
}

function readLimit(reader: Reader, name: string, facts: SloMetricFacts): number {
  const { unit, namesUnit } = facts;
  const number = reader.take(/\d+(\.\d+)?/);
  const example = unitsOf(unit).join(", ");
  if (number === null)
    throw reader.fault(`want a number${example === "" ? "" : `, with a unit: ${example}`}`);
  const place = reader.nextPlace();
  const written = reader.take(/[A-Za-zµμ%/]+/);
  if (written === null) {
    if (namesUnit) return Number(number);
    throw reader.fault(
      `${number} of what? Want a unit (${example}), such as ${number}${unitsOf(unit).at(-2) ?? example}`,
      place,
    );
  }
  const scale = scaleOf(unit, written);
  if (scale === null) {
    const wanted = example === "" ? `${name} is counted, want no unit` : `want one of ${example}`;
    throw reader.fault(`${written} is no unit of ${name}: ${wanted}`, place);
  }
  return Number(number) * scale;
}

/** Walks through the text; blanks before a word count for nothing. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.nextPlace() === this.#text.length;
  }

  /** Where the next word begins. */
  nextPlace(): number {
    return this.#at + (/^\s*/.exec(this.#text.slice(this.#at))?.[0].length ?? 0);
  }

  /** The same, for who is about to read it. */
  place(): number {
    this.#at = this.nextPlace();
    return this.#at;
  }

  take(pattern: RegExp): string | null {
    const start = this.nextPlace();
    const word = new RegExp(`^(?:${pattern.source})`).exec(this.#text.slice(start))?.[0];
    if (word === undefined) return null;
    this.#at = start + word.length;
    return word;
  }

  textSince(start: number): string {
    return this.#text.slice(start, this.#at);
  }

  fault(words: string, place = this.nextPlace()): UsageError {
    return new UsageError(
      `Cannot read the SLO at column ${place + 1}: ${words}\n  ${this.#text}\n  ${" ".repeat(place)}^`,
    );
  }
}
