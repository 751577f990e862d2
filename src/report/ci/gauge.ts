/** A gauge before it is OpenMetrics or OTLP. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  /** As UCUM has it, for OTLP: `s`, `By`, `1`. */
  readonly unit: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** @param name without the program's prefix */
export function gaugeOf(name: string, help: string, unit: string, samples: readonly Sample[]): Gauge {
  return { name: `wsrally_${name}`, help, unit, samples };
}
