/** Stored runs as text in each format of `wsrally report`. */
import { UsageError } from "../base/errors.js";
import { linkRuns } from "../judge/history/link-runs.js";
import { renderBadge } from "../report/ci/badge.js";
import { renderCodeQuality } from "../report/ci/code-quality-report.js";
import { renderCsv } from "../report/ci/csv-report.js";
import { renderMarkdown } from "../report/ci/markdown-report.js";
import type { Detail } from "../report/draw/page.js";
import { escapeControls } from "../report/draw/plain-text.js";
import { type LinkedRuns, notInterleaved, renderLinkReport } from "../report/history/link-report.js";
import { runDifferences } from "../report/history/run-differences.js";
import { renderHtmlReport } from "../report/html/render-html-report.js";
import { jsonText } from "../report/words/json-text.js";
import type { StoredRun } from "../results/read-run.js";
import { repositoryPaths } from "./ci/repository-path.js";
import { pageOf, renderPlain, renderStoredRun } from "./print-run.js";
import type { Terminal } from "./terminal.js";

export const fileFormats = [
  "html",
  "json",
  "markdown",
  "junit",
  "csv",
  "openmetrics",
  "codequality",
  "badge",
] as const;
export type FileFormat = (typeof fileFormats)[number];

export const reportFormats = ["terminal", ...fileFormats] as const;
export type ReportFormat = (typeof reportFormats)[number];

interface RenderRunsOptions {
  readonly format: ReportFormat;
  readonly detail: Detail;
  /** Say of every verdict what it rests on; in the terminal's format. */
  readonly explain: boolean;
  readonly destination: "terminal" | "file";
  readonly terminal: Terminal;
}

/** @throws UsageError for runs that cannot be linked, or a format that is of one run */
export async function renderRuns(
  runs: readonly [StoredRun, ...StoredRun[]],
  options: RenderRunsOptions,
): Promise<string> {
  const [first, ...others] = runs;
  const { format } = options;
  if (format === "csv") return renderCsv(runs.map(({ document }) => document));
  if (others.length > 0) return renderLinked(linkAll(first, others), options);
  if (format === "terminal") return renderStoredRun(first, options.terminal, options);
  return renderRun(first, { ...options, format });
}

interface RenderRunOptions {
  readonly format: FileFormat;
  readonly terminal: Pick<Terminal, "env">;
}

/** One run as a file of its own. */
export async function renderRun(stored: StoredRun, { format, terminal }: RenderRunOptions): Promise<string> {
  const { document } = stored;
  switch (format) {
    case "html":
      return renderHtmlReport(stored);
    case "json":
      return jsonText(document);
    case "markdown":
      return renderMarkdown(document, { report: renderPlain(stored) });
    case "junit":
      return (await import("../report/ci/junit-report.js")).renderJunit(document);
    case "csv":
      return renderCsv([document]);
    case "openmetrics":
      return (await import("../report/ci/openmetrics-report.js")).renderOpenMetrics(document);
    case "codequality":
      return renderCodeQuality(document, repositoryPaths(terminal.env));
    case "badge":
      return renderBadge(document);
  }
}

function linkAll(first: StoredRun, others: readonly StoredRun[]): LinkedRuns {
  const linked = others.map(({ document }) => ({ document, outcome: linkRuns(first.document, document) }));
  const reasons = linked.flatMap(({ document, outcome }) =>
    outcome.kind === "refused"
      ? [`Cannot link ${document.runId} to ${first.document.runId}: ${outcome.reason}`]
      : [],
  );
  if (reasons.length === linked.length) {
    const want =
      "Runs are not interleaved, so only ratios to an arm that both have can be set side by side: want an arm with the same config, proxy version and load in both, such as a reference config kept in the repository";
    throw new UsageError([...reasons, want].map(escapeControls).join("\n"));
  }
  return { first: first.document, others: linked };
}

function renderLinked(linked: LinkedRuns, { format, destination, terminal }: RenderRunsOptions): string {
  switch (format) {
    case "terminal":
      return renderLinkReport(linked, pageOf(terminal, destination));
    case "json": {
      const documents = [linked.first, ...linked.others.map(({ document }) => document)];
      return jsonText({
        warnings: [{ code: "not-interleaved", message: notInterleaved }],
        runs: documents.map(({ runId, startedAt }) => ({ runId, startedAt })),
        links: linked.others.map(({ document, outcome }) => ({ runId: document.runId, ...outcome })),
        differences: runDifferences(documents),
      });
    }
    default:
      throw new UsageError(`--format ${format} is of one run: want terminal, json or csv for several`);
  }
}
