/** What is kept of a run in files that outlive it: which run it was, of what, on what. */
import type { HistoryEntry } from "../../results/history-entry.js";
import { machineOf } from "../../results/machine-schema.js";
import type { ArmResult, RunDocument } from "../../results/run-document.js";
import { sourceCommit } from "../../results/source-commit.js";
import { loadOf } from "../series/load-difference.js";

export function runIdentity(document: RunDocument): Omit<HistoryEntry, "arms" | "ratios"> {
  const { runId, tags, startedAt, scenario, environment, schemaVersion, tool } = document;
  return {
    schemaVersion,
    toolVersion: tool.version,
    runId,
    ...(tags === undefined ? {} : { tags }),
    startedAt,
    scenario: scenario.name,
    commit: sourceCommit(environment),
    machine: machineOf(environment),
  };
}

export function armIdentity(document: RunDocument, arm: ArmResult): HistoryEntry["arms"][number] {
  const { name, group, proxy } = arm;
  return {
    name,
    group,
    isBaseline: isBaseline(document, arm),
    kind: proxy.kind,
    version: proxy.version,
    configSha256: proxy.configSha256,
    load: loadOf(document, name),
  };
}

export function isBaseline({ scenario }: RunDocument, { name }: ArmResult): boolean {
  return scenario.pairs.some(({ baseline }) => baseline === name);
}
