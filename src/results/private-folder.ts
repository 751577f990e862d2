/**
 * A folder below the results for one run or one probe: what is kept in it of configs and logs is for its user alone. The
 * results folder around it is as usual, for histories and baselines are for everybody.
 */
import { makeFolder } from "../base/make-folder.js";
import { privateFolder } from "../base/whole-file.js";

/** What to do where none can be made or written. */
export const otherFolder = "--out chooses another folder";

/** @param out the results folder @throws EnvironmentError that says what stands in the way */
export function makePrivateFolder(out: string, path: string): void {
  const wish = { what: "the results folder", cure: otherFolder };
  makeFolder(out, wish);
  makeFolder(path, { ...wish, mode: privateFolder });
}
