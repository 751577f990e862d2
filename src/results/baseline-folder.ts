/** Stored baselines on disk: `baselines/NAME.json` below the results, one file each, meant to be committed. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { codeOf, EnvironmentError, messageOf, UsageError } from "../base/errors.js";
import { makeFolder } from "../base/make-folder.js";
import { replaceFile } from "../base/whole-file.js";
import { type Baseline, baselineSchema } from "./baseline-schema.js";
import { sortedJson } from "./sorted-json.js";

/** @param out the results folder */
export function baselinesPath(out: string): string {
  return join(out, "baselines");
}

function fileOf(out: string, name: string): string {
  return join(baselinesPath(out), `${name}.json`);
}

export interface ReadBaselines {
  /** By name. */
  readonly baselines: readonly Baseline[];
  /** Files that are none, a sentence each. */
  readonly unreadable: readonly string[];
}

export function readBaselines(out: string): ReadBaselines {
  const folder = baselinesPath(out);
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch (thrown) {
    if (codeOf(thrown) !== "ENOENT") {
      throw new EnvironmentError(`Cannot read the baselines in ${folder}: ${messageOf(thrown)}`);
    }
  }
  const read = names.sort().map((name) => parseBaseline(join(folder, name)));
  return {
    baselines: read.filter((one) => typeof one !== "string"),
    unreadable: read.filter((one) => typeof one === "string"),
  };
}

/** @throws UsageError when there is none of that name, or the file is no baseline */
export function readBaseline(out: string, name: string): Baseline {
  const file = fileOf(out, name);
  if (!existsSync(file)) {
    const known = readBaselines(out).baselines.map((one) => one.name);
    throw new UsageError(
      `Cannot find the baseline ${name} in ${baselinesPath(out)}: want ${known.length === 0 ? "one saved by wsrally baseline save RUN" : `one of ${known.join(", ")}`}`,
    );
  }
  const read = parseBaseline(file);
  if (typeof read === "string") throw new UsageError(`Cannot read the baseline ${read}`);
  return read;
}

/** A baseline is called what its file is called, so that a renamed file has its new name. */
function parseBaseline(file: string): Baseline | string {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, "utf8"));
  } catch (thrown) {
    return `${file}: ${messageOf(thrown)}`;
  }
  const parsed = baselineSchema.safeParse(data);
  if (parsed.success) return { ...parsed.data, name: basename(file, ".json") };
  const [issue] = parsed.error.issues;
  return `${file}: ${issue?.path.join(".")}: ${issue?.message}`;
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
  try {
    makeFolder(baselinesPath(out), { what: "the baselines' folder" });
    replaceFile(file, sortedJson(baseline));
  } catch (thrown) {
    throw new EnvironmentError(`Cannot write the baseline ${file}: ${messageOf(thrown)}`);
  }
  return file;
}
