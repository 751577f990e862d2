/** Reports that are asked for beforehand, by `--report FORMAT[=FILE]`: what is written when a run has ended. */
import { InvalidArgumentError } from "commander";
import { meantWords } from "../../base/nearest-name.js";
import { type FileFormat, fileFormats } from "../render-runs.js";

export interface ReportRequest {
  readonly format: FileFormat;
  /** Null: by its usual name in the run's folder. */
  readonly file: string | null;
}

/** What each is called in a run's folder. */
export const usualNames: Readonly<Record<FileFormat, string>> = {
  html: "report.html",
  json: "report.json",
  markdown: "report.md",
  junit: "junit.xml",
  csv: "trials.csv",
  openmetrics: "metrics.txt",
  codequality: "codequality.json",
  badge: "badge.json",
};

/** For commander: adds one flag's value to those before it. */
export function collectReports(text: string, earlier: readonly ReportRequest[] = []): ReportRequest[] {
  const [, name = text, file = null] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const format = fileFormats.find((one) => one === name);
  if (format === undefined || file === "") {
    throw new InvalidArgumentError(
      `Want FORMAT or FORMAT=FILE, such as junit=junit.xml; formats are ${fileFormats.join(", ")}${meantWords(name, fileFormats)}.`,
    );
  }
  return [...earlier, { format, file }];
}

/** For commander. A URL without a path gets OTLP's usual one. */
export function toOtlpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError(
      "Want the http:// or https:// URL of a collector, such as http://localhost:4318.",
    );
  }
  if (url.pathname === "/") url.pathname = "/v1/metrics";
  return url.href;
}
