/**
 * What a command that measures was given, whatever it measures.
 */
import type { ReportRequest } from "./ci/report-requests.js";

export interface RunOptions {
  readonly out: string;
  readonly json: boolean;
  readonly explain: boolean;
  /** Written when the run has ended, beside report.html. */
  readonly reports: readonly ReportRequest[];
  /** An OpenTelemetry collector's URL for metrics; null for none. */
  readonly otlp: string | null;
}
