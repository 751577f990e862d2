/**
 * Files from a git ref lie in a private folder while a gate runs; whatever is said of them goes by the ref.
 */
import { relative } from "node:path";
import { mapStrings } from "../../base/map-strings.js";
import type { RunFolder } from "../../results/run-folder.js";
import type { RunProgress } from "../run-progress.js";

export interface PrivateNames {
  add(folder: string, ref: string): void;
  count(): number;
  /** The text with every private path as `REF:path`. */
  show(text: string): string;
  /** The same for every string of plain data. */
  showAll<Data>(data: Data): Data;
}

export function createPrivateNames(): PrivateNames {
  const names: [folder: string, ref: string][] = [];
  const show = (text: string): string =>
    names.reduce((shown, [folder, ref]) => shown.replaceAll(`${folder}/`, `${ref}:`), text);
  return {
    add(folder, ref) {
      // As places in a config are shown: from the working directory, where they lie below it.
      names.push([folder, ref], [relative(process.cwd(), folder), ref]);
    },
    count: () => names.length / 2,
    show,
    showAll: (data) => (names.length === 0 ? data : mapStrings(data, show)),
  };
}

/** Notes go by the ref. */
export function progressWithNames(progress: RunProgress, names: PrivateNames): RunProgress {
  return {
    ...progress,
    note: (line) => progress.note(names.show(line)),
    step: (line) => progress.step(names.show(line)),
  };
}

/** So does the stored document. */
export function folderWithNames(folder: RunFolder, names: PrivateNames): RunFolder {
  return { ...folder, writeDocument: (document) => folder.writeDocument(names.showAll(document)) };
}

/** And what goes wrong. */
export function errorWithNames(error: Error, names: PrivateNames): Error {
  error.message = names.show(error.message);
  return error;
}
