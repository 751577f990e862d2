/**
 * How much of a config is read at most: aliases let a few lines stand for millions.
 */
import type { Place } from "../../diagnosis/quote.js";
import { ConfigRefusedError } from "../config-refused-error.js";

/** More than any config has use for. */
const mostNodes = 200_000;
const mostDepth = 100;

export interface TreeSize {
  readonly title: string;
  readonly file: string;
  nodes: number;
}

/** Counts one more. @throws ConfigRefusedError */
export function refuseSize(size: TreeSize, depth: number, place: Place | null): void {
  size.nodes++;
  if (size.nodes <= mostNodes && depth <= mostDepth) return;
  const words = `${size.file}:${place?.line ?? 1}: more than ${mostNodes} values, or ${mostDepth} levels`;
  throw new ConfigRefusedError(size.title, size.file, words);
}
