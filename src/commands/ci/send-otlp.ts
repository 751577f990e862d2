/**
 * Sends a run's gauges to an OpenTelemetry collector, OTLP over HTTP as JSON, by OpenTelemetry's own exporter: once, to
 * the URL given and nowhere else. It is loaded only when it is asked for; the build bundles it, so that its libraries
 * (44 MB as packages, half a megabyte as used here) are not installed with wsrally.
 */
import { ExportResultCode } from "@opentelemetry/core";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import type { Gauge } from "../../report/ci/gauge.js";

interface OtlpTarget {
  readonly url: string;
  /** Everything included, its retries too. */
  readonly timeoutMs: number;
  readonly version: string;
}

/**
 * Headers, such as one for authorisation, come from OTEL_EXPORTER_OTLP_HEADERS, as OpenTelemetry has it.
 * @throws what the exporter reports
 */
export async function sendOtlp(
  gauges: readonly Gauge[],
  { url, timeoutMs, version }: OtlpTarget,
): Promise<void> {
  const exporter = new OTLPMetricExporter({ url, timeoutMillis: timeoutMs });
  const reader = new OnceReader();
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ "service.name": "wsrally", "service.version": version }),
    readers: [reader],
  });
  const meter = provider.getMeter("wsrally", version);
  for (const { name, help, unit, samples } of gauges) {
    const gauge = meter.createGauge(name, { description: help, unit });
    for (const { labels, value } of samples) gauge.record(value, labels);
  }
  try {
    const { resourceMetrics } = await reader.collect();
    await new Promise<void>((resolve, reject) => {
      exporter.export(resourceMetrics, ({ code, error }) => {
        if (code === ExportResultCode.SUCCESS) resolve();
        else reject(error ?? new Error("no reason given"));
      });
    });
  } finally {
    await exporter.shutdown();
  }
}

/** A matrix has many more series than the SDK lets a gauge have unless it is told. */
const samplesMost = 100_000;

/** Collected by hand, so that what goes wrong is heard of here. */
class OnceReader extends MetricReader {
  constructor() {
    super({ cardinalitySelector: () => samplesMost });
  }

  protected override async onForceFlush(): Promise<void> {
    // Nothing is kept back.
  }

  protected override async onShutdown(): Promise<void> {
    // Nothing is held open.
  }
}
