/**
 * A run as OpenMetrics text. It holds gauges alone, which read the same in Prometheus' older text format: node_exporter's
 * textfile collector and GitLab's metrics report take it as well.
 */
import { Gauge, type OpenMetricsContentType, openMetricsContentType, Registry } from "prom-client";
import type { RunDocument } from "../../results/run-document.js";
import type { Gauge as NamedGauge } from "./gauge.js";
import { runGauges } from "./run-gauges.js";

export function renderOpenMetrics(document: RunDocument): Promise<string> {
  return openMetricsText(runGauges(document));
}

/** The text, ending in `# EOF` and a newline. */
export function openMetricsText(gauges: readonly NamedGauge[]): Promise<string> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(openMetricsContentType);
  for (const { name, help, samples } of gauges) {
    const labelNames = Object.keys(samples[0]?.labels ?? {});
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const { labels, value } of samples) gauge.set(labels, value);
  }
  return registry.metrics();
}
