/**
 * What a test looks up in a probe's result.
 */
import assert from "node:assert/strict";
import type { Finding, FindingId } from "#wsrally/diagnosis/finding.js";
import type { ProbeResult } from "#wsrally/probe/run-probe.js";

export function faultsOf({ findings }: ProbeResult): FindingId[] {
  return findings.filter(({ status }) => status === "fault").map(({ id }) => id);
}

export function findingOf({ findings }: ProbeResult, id: FindingId): Finding {
  const found = findings.find((finding) => finding.id === id);
  assert.ok(found);
  return found;
}
