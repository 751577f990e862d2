/** A run of a history in a word or two: when, and of which commit. */
import type { HistoryDocument } from "../../results/history-document.js";
import { formatCommit } from "../words/commit-words.js";
import { absent } from "../words/format.js";

type Run = HistoryDocument["runs"][number];

/** `2026-01-31 a1b2c3d4e`; empty for no run. */
export function placeOf(run: Run | undefined): string {
  return run === undefined ? "" : `${dayOf(run)} ${commitOf(run)}`;
}

export function commitOf(run: Run | undefined): string {
  return run?.commit == null ? "no commit" : formatCommit(run.commit);
}

export function dayOf({ startedAt }: Run): string {
  return startedAt.slice(0, 10);
}

/** `2026-01-31 12:00`, in UTC. */
export function momentOf(run: Run | undefined): string {
  return run === undefined ? absent : run.startedAt.slice(0, 16).replace("T", " ");
}
