/**
 * Hands a probe over: its findings are printed first, for they are what was asked for, wherever they can be kept; then they
 * are stored, with report.html and the reports that were asked for.
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
import { say, type Terminal } from "./terminal.js";

/** What each report is called in the probe's folder. */
const fileNames: typeof usualNames = { ...usualNames, csv: "findings.csv" };

interface ProbeDelivery {
  readonly document: ProbeDocument;
  readonly options: Pick<RunOptions, "json" | "out" | "reports">;
  readonly terminal: Terminal;
}

/**
 * @throws FaultsFoundError when there is a fault, stored or not, for that is the answer; else EnvironmentError when it
 *   could not be stored
 */
export async function deliverProbe(delivery: ProbeDelivery): Promise<void> {
  const { document, options, terminal } = delivery;
  const format = options.json ? "json" : "terminal";
  terminal.stdout.write(await renderProbe(document, { format, destination: "terminal", terminal }));
  const unstored = await store(delivery);
  const faults = document.findings.filter(({ status }) => status === "fault");
  if (faults.length === 0 && unstored === null) return;
  if (faults.length === 0) throw unstored;
  if (unstored !== null) for (const line of unstored.message.split("\n")) say(terminal, line);
  throw new FaultsFoundError(`Faults found: ${faults.map(({ id }) => id).join(", ")}`);
}

/** @returns why it could not be stored; null when it was */
async function store({ document, options, terminal }: ProbeDelivery): Promise<EnvironmentError | null> {
  let folder: string | null = null;
  let unstored: EnvironmentError | null = null;
  try {
    const stored = storeProbe(document, options.out);
    folder = stored.path;
    stored.writeReport(renderProbePage(document));
    say(
      terminal,
      `Stored in ${folder}; wsrally report ${folder} shows it again, report.html there in a browser.`,
    );
  } catch (thrown) {
    if (!(thrown instanceof EnvironmentError)) throw thrown;
    unstored = new EnvironmentError(`Not stored: ${thrown.message}`, { cause: thrown });
  }
  for (const { format, file } of options.reports) {
    const path = file ?? (folder === null ? null : join(folder, fileNames[format]));
    if (path === null) continue;
    try {
      const text = await renderProbe(document, { format, destination: "file", terminal });
      makeFolder(dirname(path), { what: "its folder" });
      writeFileSync(path, text);
    } catch (thrown) {
      say(terminal, `Warning: cannot write the ${format} report ${path}: ${messageOf(thrown)}`);
    }
  }
  return unstored;
}
