/** A probe's folder: its document, and the report. */
import { join } from "node:path";
import { EnvironmentError, messageOf } from "../base/errors.js";
import { privateFile, replaceFile } from "../base/whole-file.js";
import { makePrivateFolder, otherFolder } from "./private-folder.js";
import type { ProbeDocument } from "./probe-document.js";
import { storedFiles } from "./stored-list.js";

interface ProbeFolder {
  readonly path: string;
  /** Leaves the report for a browser, as `report.html`. @throws EnvironmentError when it cannot be written */
  writeReport(html: string): void;
}

/** @throws EnvironmentError when the folder cannot be made or written */
export function storeProbe(document: ProbeDocument, out: string): ProbeFolder {
  const path = join(out, document.runId);
  makePrivateFolder(out, path);
  const write = (name: string, text: string): void => {
    try {
      replaceFile(join(path, name), text, privateFile);
    } catch (thrown) {
      throw new EnvironmentError(`Cannot write ${path}: ${messageOf(thrown)}; ${otherFolder}`);
    }
  };
  write(storedFiles.probe, `${JSON.stringify(document, null, 2)}\n`);
  return { path, writeReport: (html) => write("report.html", html) };
}
