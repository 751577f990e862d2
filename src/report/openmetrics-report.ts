/**
 * A run as OpenMetrics text. It holds gauges alone, which read the same in Prometheus' older text format: node_exporter's
 * textfile collector and GitLab's metrics report take it as well.
 */
import { Gauge, type OpenMetricsContentType, openMetricsContentType, Registry } from "prom-client";
import type { RunDocument } from "../results/run-document.js";
import { runGauges } from "./run-gauges.js";

/** The text, ending in `# EOF` and a newline. */
export function renderOpenMetrics(document: RunDocument): Promise<string> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(openMetricsContentType);
  for (const { name, help, samples } of runGauges(document)) {
    const labelNames = Object.keys(samples[0]?.labels ?? {});
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels, value } of samples) gauge.set(labels, value);
  }
  return registry.metrics();
}
