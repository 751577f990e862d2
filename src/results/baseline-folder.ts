/** Stored baselines on disk: `baselines/NAME.json` below the results, one file each, meant to be committed. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { UsageError } from "../base/errors.js";
import { meantWords } from "../base/nearest-name.js";
import { type Baseline, baselineSchema } from "./baseline-schema.js";
import { schemaVersion } from "./run-document.js";
import { sortedJson } from "./sorted-json.js";
import { listStoredFolder, replaceStoredFile } from "./stored-folder.js";
import { type ReadLimits, readLimits, readStoredJson } from "./stored-json.js";

/** @param out the results folder */
export function baselinesPath(out: string): string {
  return join(out, "baselines");
}

function fileOf(out: string, name: string): string {
  return join(baselinesPath(out), `${name}.json`);
}

interface ReadBaselines {
  /** By name. */
  readonly baselines: readonly Baseline[];
  /** Files that are none, a sentence each. */
  readonly unreadable: readonly string[];
}

/** Of a run of a thousand arms. */
const mostBaselineBytes = 4 * 1024 ** 2;
/** More than anybody keeps by name. */
const mostBaselines = 500;

/** @throws UsageError for a folder that is a link; EnvironmentError when it cannot be read */
export function readBaselines(out: string): ReadBaselines {
  const folder = baselinesPath(out);
  const names = namesIn(out);
  const limits = readLimits(mostBaselineBytes);
  const read = names.slice(0, mostBaselines).map((name) => parseBaseline(join(folder, name), limits));
  const unreadable = read.filter((one) => typeof one === "string");
  const more = names.length - mostBaselines;
  return {
    baselines: read.filter((one) => typeof one !== "string"),
    unreadable:
      more > 0
        ? [...unreadable, `${folder}: ${more} files, for the first ${mostBaselines} are read`]
        : unreadable,
  };
}

function namesIn(out: string): string[] {
  return listStoredFolder(baselinesPath(out), "baselines in")
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".json"))
    .sort();
}

/** @throws UsageError when there is none of that name, or the file is no baseline */
export function readBaseline(out: string, name: string): Baseline {
  const file = fileOf(out, name);
  if (!namesIn(out).includes(`${name}.json`)) {
    const known = readBaselines(out).baselines.map((one) => one.name);
    throw new UsageError(
      `Cannot find the baseline ${name} in ${baselinesPath(out)}${meantWords(name, known)}: want ${known.length === 0 ? "one saved by wsrally baseline save RUN" : `one of ${known.join(", ")}`}`,
    );
  }
  const read = parseBaseline(file);
  if (typeof read === "string") throw new UsageError(`Cannot read the baseline ${read}`);
  return read;
}

/** A baseline is called what its file is called, so that a renamed file has its new name. */
function parseBaseline(file: string, limits: ReadLimits = readLimits(mostBaselineBytes)): Baseline | string {
  const read = readStoredJson(file, { schema: baselineSchema, version: schemaVersion, limits });
  return "fault" in read ? `${file}: ${read.fault}` : { ...read.data, name: basename(file, ".json") };
}

/**
 * @returns the file
 * @throws UsageError when another run has the name and is not to be replaced; EnvironmentError when it cannot be written
 */
export function writeBaseline(
  out: string,
  baseline: Baseline,
  { replace }: { readonly replace: boolean },
): string {
  const file = fileOf(out, baseline.name);
  if (existsSync(file) && !replace) {
    const read = parseBaseline(file);
    const other = typeof read === "string" ? "another file" : `the run ${read.runId}`;
    if (typeof read === "string" || read.runId !== baseline.runId) {
      throw new UsageError(
        `Cannot save the baseline ${baseline.name}: ${file} holds ${other}; want another --name, or --replace`,
      );
    }
  }
  replaceStoredFile(out, file, sortedJson(baseline), "baseline");
  return file;
}
