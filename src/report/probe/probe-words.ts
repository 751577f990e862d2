/** What a probe comes to, in words that every format of it begins with. */
import type { ProbeDocument } from "../../results/probe-document.js";
import { formatNumberOf } from "../words/format.js";

export type ShownFinding = ProbeDocument["findings"][number];

/** Faults that keep a WebSocket from opening at all. */
const opening = new Set([
  "config-refused",
  "unreachable",
  "tls-scheme",
  "tls-certificate",
  "upstream-tls",
  "upstream",
  "route",
  "upgrade-headers",
  "http-version",
  "upgrade",
  "path",
  "other-routes",
]);

/** What somebody who looks for a fault wants to know first. */
export function probeAnswer(findings: readonly ShownFinding[]): string {
  const faults = having(findings, "fault");
  const [first] = faults;
  const warnings = having(findings, "warning");
  const warned = warnings.find(({ id }) => id !== "upstream") ?? warnings[0];
  const closing = faults.find(({ id }) => opening.has(id));
  if (closing !== undefined) return `WebSockets do not get through: ${closing.title}`;
  if (first !== undefined) return `WebSockets get through, with a fault: ${first.title}`;
  if (warned?.id === "upstream") return `WebSockets get through to wsrally's backend; ${warned.title}`;
  if (warned !== undefined) return `WebSockets get through; to be looked at: ${warned.title}`;
  return "WebSockets get through: no fault found";
}

/** `2 faults, 1 warning`. */
export function probeCounts(findings: readonly ShownFinding[]): string {
  const faults = having(findings, "fault").length;
  const warnings = having(findings, "warning").length;
  return [
    faults === 0 ? "no fault" : formatNumberOf(faults, "fault"),
    ...(warnings === 0 ? [] : [formatNumberOf(warnings, "warning")]),
  ].join(", ");
}

/** `nginx:site.conf (nginx 1.31.3), path /sock: 2 faults`. */
export function probedWords({ arm, findings }: ProbeDocument): string {
  const { proxy } = arm;
  const version = proxy?.version ? ` (${proxy.kind} ${proxy.version})` : "";
  return `${arm.arm}${version}, path ${arm.path}: ${probeCounts(findings)}`;
}

export function having(
  findings: readonly ShownFinding[],
  status: ShownFinding["status"],
): readonly ShownFinding[] {
  return findings.filter((finding) => finding.status === status);
}

/** What is well and yet often misunderstood. */
export function notesAmong(findings: readonly ShownFinding[]): readonly ShownFinding[] {
  return having(findings, "ok").filter(({ cause }) => cause !== null);
}

/** What was not tested, with the reason that they share. */
export function untestedByReason(
  findings: readonly ShownFinding[],
): { readonly reason: string; readonly ids: readonly string[] }[] {
  const byReason = new Map<string, string[]>();
  for (const { id, cause } of having(findings, "not-tested")) {
    byReason.set(cause ?? "", [...(byReason.get(cause ?? "") ?? []), id]);
  }
  return [...byReason].map(([reason, ids]) => ({ reason, ids }));
}
