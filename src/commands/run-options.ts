/**
 * What a command that measures was given, whatever it measures.
 */
import type { CrewWish } from "../cluster/gather-crew.js";
import type { Detail } from "../report/draw/page.js";
import type { ReportRequest } from "./ci/report-requests.js";

export interface RunOptions {
  readonly out: string;
  /** Agents that make the load; null where this machine does. */
  readonly crew: CrewWish | null;
  /** Names that the user gives the run. */
  readonly tags: readonly string[];
  readonly json: boolean;
  readonly explain: boolean;
  /** Of what is printed. */
  readonly detail: Detail;
  /** Written when the run has ended, beside report.html. */
  readonly reports: readonly ReportRequest[];
  /** An OpenTelemetry collector's URL for metrics; null for none. */
  readonly otlp: string | null;
}
