/**
 * Reads a stored run again: the document, checked against its schema, and the histograms and configs beside it.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { messageOf, UsageError } from "../base/errors.js";
import { type LatencyHistogram, readHistogramLog } from "../base/latency-histogram.js";
import { type RunDocument, runDocumentSchema, schemaVersion } from "./run-document.js";

export interface StoredRun {
  readonly document: RunDocument;
  /** By arm, then by series: all trials merged; for display only. */
  readonly histograms: ReadonlyMap<string, ReadonlyMap<string, LatencyHistogram>>;
  /** The configs that the arms ran with, by arm; none for an arm without one. */
  readonly configs: ReadonlyMap<string, string>;
}

/**
 * @param path a run's folder, its run.json, or its id below `out`
 * @throws UsageError when there is no run, or not one of this version
 */
export function readRun(path: string, out: string): StoredRun {
  const file = locate(path, out);
  const document = readDocument(file);
  const folder = dirname(file);
  const logs = readBeside(document, folder, "hlog");
  return {
    document,
    histograms: new Map([...logs].map(([arm, log]) => [arm, readHistogramLog(log)])),
    configs: readBeside(document, folder, "conf"),
  };
}

/** The files of one ending, by arm, of those arms that have one. A name that leads elsewhere is no file of the run. */
function readBeside({ arms }: RunDocument, folder: string, ending: string): Map<string, string> {
  return new Map(
    arms.flatMap(({ name }) => {
      const file = join(folder, `${name}.${ending}`);
      const isBeside = basename(name) === name && existsSync(file);
      return isBeside ? [[name, readFileSync(file, "utf8")] as const] : [];
    }),
  );
}

function locate(path: string, out: string): string {
  for (const candidate of [path, join(path, "run.json"), join(out, path, "run.json")]) {
    if (existsSync(candidate) && statSync(candidate).isFile()) return candidate;
  }
  throw new UsageError(
    `Cannot find a run at ${path}: want a run's folder, its run.json, or its id below ${out}`,
  );
}

/** @throws UsageError when the file cannot be read, or is not one of this version */
export function readDocument(file: string): RunDocument {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(file, "utf8"));
  } catch (thrown) {
    throw new UsageError(`Cannot read the run ${file}: ${messageOf(thrown)}`);
  }
  const version =
    typeof data === "object" && data !== null && "schemaVersion" in data ? data.schemaVersion : null;
  if (version !== schemaVersion) {
    throw new UsageError(
      `Cannot read the run ${file}: its schemaVersion is ${JSON.stringify(version)}; want ${schemaVersion}`,
    );
  }
  const parsed = runDocumentSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`Cannot read the run ${file}: ${issue?.path.join(".")}: ${issue?.message}`);
}
