/** A probe as text in each format of `wsrally report`. */
import { renderProbeBadge } from "../report/ci/badge.js";
import { codeQualityText } from "../report/ci/code-quality-report.js";
import type { Detail } from "../report/draw/page.js";
import { renderProbePage } from "../report/html/render-probe-page.js";
import { renderProbeCsv } from "../report/probe/probe-csv.js";
import { probeGauges } from "../report/probe/probe-gauges.js";
import { renderProbeMarkdown } from "../report/probe/probe-markdown.js";
import { probeRemarks } from "../report/probe/probe-remarks.js";
import { renderProbeReport } from "../report/probe/probe-report.js";
import { jsonText } from "../report/words/json-text.js";
import type { ProbeDocument } from "../results/probe-document.js";
import { repositoryPaths } from "./ci/repository-path.js";
import { pageOf } from "./print-run.js";
import type { ReportFormat } from "./render-runs.js";
import type { Terminal } from "./terminal.js";

interface RenderProbeOptions {
  readonly format: ReportFormat;
  readonly detail: Detail;
  readonly destination: "terminal" | "file";
  readonly terminal: Terminal;
}

export async function renderProbe(
  document: ProbeDocument,
  { format, detail, destination, terminal }: RenderProbeOptions,
): Promise<string> {
  switch (format) {
    case "terminal":
      return renderProbeReport(document, { ...pageOf(terminal, destination), detail });
    case "html":
      return renderProbePage(document);
    case "json":
      return jsonText(document);
    case "markdown":
      return renderProbeMarkdown(document, {
        report: renderProbeReport(document, {
          width: Number.POSITIVE_INFINITY,
          colour: false,
          detail: "full",
        }),
      });
    case "junit":
      return (await import("../report/probe/probe-junit.js")).renderProbeJunit(document);
    case "csv":
      return renderProbeCsv([document]);
    case "openmetrics":
      return (await import("../report/ci/openmetrics-report.js")).openMetricsText(probeGauges(document));
    case "codequality":
      return codeQualityText(probeRemarks(document, repositoryPaths(terminal.env)), document.arm.name);
    case "badge":
      return renderProbeBadge(document);
  }
}
