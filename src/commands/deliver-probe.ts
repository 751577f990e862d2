/**
 * Hands a probe over: stored with report.html and the reports that were asked for, and printed wherever it can be kept, for
 * the findings are what was asked for. They are printed last, so that the answer is what stays on the screen.
 */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EnvironmentError, FaultsFoundError, messageOf } from "../base/errors.js";
import { makeFolder } from "../base/make-folder.js";
import { renderProbePage } from "../report/html/render-probe-page.js";
import type { ProbeDocument } from "../results/probe-document.js";
import { storeProbe } from "../results/probe-folder.js";
import { usualNames } from "./ci/report-requests.js";
import { renderProbe } from "./render-probe.js";
import type { RunOptions } from "./run-options.js";
import { isReadTogether, say, type Terminal } from "./terminal.js";

/** What each report is called in the probe's folder. */
const fileNames: typeof usualNames = { ...usualNames, csv: "findings.csv" };

interface ProbeDelivery {
  readonly document: ProbeDocument;
  readonly options: Pick<RunOptions, "json" | "out" | "reports" | "detail">;
  readonly terminal: Terminal;
}

/**
 * @throws FaultsFoundError when there is a fault, stored or not, for that is the answer; else EnvironmentError when it
 *   could not be stored
 */
export async function deliverProbe(delivery: ProbeDelivery): Promise<void> {
  const { document, options, terminal } = delivery;
  const format = options.json ? "json" : "terminal";
  const { detail } = options;
  const text = await renderProbe(document, { format, detail, destination: "terminal", terminal });
  const unstored = await store(delivery).finally(() => terminal.stdout.write(text));
  const faults = document.findings.filter(({ status }) => status === "fault");
  if (faults.length === 0 && unstored === null) return;
  if (faults.length === 0) throw unstored;
  if (unstored !== null) for (const line of unstored.message.split("\n")) say(terminal, line);
  const said = `Faults found: ${faults.map(({ id }) => id).join(", ")}`;
  throw new FaultsFoundError(isReadTogether(terminal) && !options.json ? "" : said);
}

/** @returns why it could not be stored; null when it was */
async function store({ document, options, terminal }: ProbeDelivery): Promise<EnvironmentError | null> {
  let folder: string | null = null;
  let unstored: EnvironmentError | null = null;
  try {
    const stored = storeProbe(document, options.out);
    folder = stored.path;
    stored.writeReport(renderProbePage(document));
    say(terminal, `Stored in ${folder}, with report.html.`);
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    unstored = new EnvironmentError(`Not stored: ${thrown.message}`, { cause: thrown });
  }
  for (const { format, file } of options.reports) {
    const path = file ?? (folder === null ? null : join(folder, fileNames[format]));
    if (path === null) continue;
    try {
      const text = await renderProbe(document, { format, detail: "full", destination: "file", terminal });
      makeFolder(dirname(path), { what: "its folder" });
      writeFileSync(path, text);
    } catch (thrown) {
      say(terminal, `Warning: cannot write the ${format} report ${path}: ${messageOf(thrown)}`);
    }
  }
  return unstored;
}
