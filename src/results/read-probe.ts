/** Reads a stored probe again, which may be a stranger's. */
import { UsageError } from "../base/errors.js";
import { type ProbeDocument, probeDocumentSchema } from "./probe-document.js";
import { schemaVersion } from "./run-document.js";
import { readLimits, readStoredJson } from "./stored-json.js";
import { findProbeFile } from "./stored-place.js";

/** Hundreds of times what the findings of one come to. */
const mostBytes = 8 * 1024 ** 2;

/**
 * @param path a probe's folder, its probe.json, or its id below `out`
 * @returns null where there is none
 * @throws UsageError when there is one that cannot be read
 */
export function findProbe(path: string, out: string): ProbeDocument | null {
  const file = findProbeFile(path, out);
  if (file === null) return null;
  const wanted = { schema: probeDocumentSchema, version: schemaVersion, limits: readLimits(mostBytes) };
  const read = readStoredJson(file, wanted);
  if ("fault" in read) throw new UsageError(`Cannot read the probe ${file}: ${read.fault}`);
  return read.data;
}
