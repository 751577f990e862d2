/**
 * Hands a finished run over: printed for people or programs, as report.html in its folder, in the formats that were asked
 * for, and where the CI service it runs in looks. The run is stored by now, and its exit code stands: what cannot be
 * handed over is said, and fails nothing.
 */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { makeFolder } from "../base/make-folder.js";
import { privateFile, replaceFile } from "../base/whole-file.js";
import { annotationsOf, workflowCommand } from "../report/ci/annotations.js";
import { remarksOf } from "../report/ci/remarks.js";
import { runGauges } from "../report/ci/run-gauges.js";
import { escapeControls } from "../report/draw/plain-text.js";
import { renderHtmlReport } from "../report/html/render-html-report.js";
import { type StoredRun, withFiles } from "../results/read-run.js";
import type { RunDocument } from "../results/run-document.js";
import type { RunFolder } from "../results/run-folder.js";
import { appendOutputs, appendSummary } from "./ci/github-files.js";
import { usualNames } from "./ci/report-requests.js";
import { repositoryPaths } from "./ci/repository-path.js";
import { printRun } from "./print-run.js";
import { renderRun } from "./render-runs.js";
import type { RunOptions } from "./run-options.js";
import { say, type Terminal } from "./terminal.js";

/** Of an export, where nothing sets it a closer end. */
const exportTimeoutMs = 5000;

interface Delivery {
  readonly document: RunDocument;
  readonly folder: RunFolder;
  readonly options: RunOptions;
  readonly terminal: Terminal;
  /** What an export may take at most. */
  readonly exportTimeoutMs?: number;
}

export async function deliverRun(delivery: Delivery): Promise<void> {
  const { document, folder, options, terminal } = delivery;
  // What is printed, drawn and written is the document that was stored, and not what a reader makes of its file.
  const stored = openStored(delivery);
  await leaveReport(stored, folder, terminal);
  printRun(stored, folder.path, options, terminal);
  for (const { format, file } of options.reports) {
    const path = file ?? join(folder.path, usualNames[format]);
    await attempt(`write the ${format} report ${path}`, terminal, async () => {
      const text = await renderRun(stored, { format, terminal });
      makeFolder(dirname(path), { what: "its folder" });
      if (file === null) replaceFile(path, text, privateFile);
      else writeFileSync(path, text);
    });
  }
  await tellGithub(stored, delivery);
  const { otlp } = options;
  if (otlp === null) return;
  await attempt(`export to ${new URL(otlp).host}`, terminal, async () => {
    const { sendOtlp } = await import("./ci/send-otlp.js");
    await sendOtlp(runGauges(document), {
      url: otlp,
      timeoutMs: delivery.exportTimeoutMs ?? exportTimeoutMs,
      version: document.tool.version,
    });
  });
}

/** By what a step of GitHub Actions finds in its environment, and nothing elsewhere. */
async function tellGithub(stored: StoredRun, { document, folder, terminal }: Delivery): Promise<void> {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT } = terminal.env;
  if (GITHUB_STEP_SUMMARY) {
    await attempt("write the step's summary", terminal, async () => {
      const text = await renderRun(stored, { format: "markdown", terminal });
      if (appendSummary(GITHUB_STEP_SUMMARY, text)) return;
      throw new Error("GitHub takes 1 MiB from a step, and this one has written as much before");
    });
  }
  if (GITHUB_OUTPUT) {
    await attempt("write the step's outputs", terminal, async () =>
      appendOutputs(GITHUB_OUTPUT, {
        ...(document.gate === undefined ? {} : { outcome: document.gate.outcome }),
        "run-id": document.runId,
        run: folder.path,
        report: join(folder.path, usualNames.html),
      }),
    );
  }
  if (GITHUB_ACTIONS !== "true") return;
  await attempt("annotate the pull request", terminal, async () => {
    const remarks = remarksOf(document, repositoryPaths(terminal.env));
    for (const command of annotationsOf(remarks)) terminal.issueCommand(command);
  });
}

/** A gate that could not be held says so in all the places where its outcome is looked for. */
export async function tellFailure(error: Error, terminal: Terminal): Promise<void> {
  const { GITHUB_ACTIONS, GITHUB_OUTPUT } = terminal.env;
  if (GITHUB_OUTPUT) {
    await attempt("write the step's outputs", terminal, async () =>
      appendOutputs(GITHUB_OUTPUT, { outcome: "error" }),
    );
  }
  if (GITHUB_ACTIONS !== "true") return;
  const message = error.message.split("\n").map(escapeControls).join("\n");
  terminal.issueCommand(workflowCommand("error", { title: "wsrally" }, message));
}

/** With the histograms and configs beside it; without them where they cannot be read, which is said. */
function openStored({ document, folder, terminal }: Delivery): StoredRun {
  try {
    const stored = withFiles(document, folder.path);
    const [left] = stored.document.warnings.slice(document.warnings.length);
    if (left !== undefined) say(terminal, `Warning: ${left.message}`);
    return { ...stored, document };
  } catch (thrown) {
    say(terminal, `Warning: no histograms and configs in the reports: ${messageOf(thrown)}`);
    return { document, histograms: new Map(), configs: new Map() };
  }
}

/** What was measured is stored by now: a report that cannot be made is said and no reason to fail. */
async function leaveReport(stored: StoredRun, folder: RunFolder, terminal: Terminal): Promise<void> {
  try {
    await folder.writeReport(renderHtmlReport(stored));
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    say(terminal, `No report.html: ${thrown.message}`);
  }
}

async function attempt(action: string, terminal: Terminal, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    say(terminal, `Warning: cannot ${action}: ${messageOf(thrown)}`);
  }
}
