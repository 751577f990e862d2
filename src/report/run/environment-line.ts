/** Where it was measured: numbers of another machine do not compare with these. */
import type { Environment } from "../../results/environment-schema.js";
import type { RunDocument } from "../../results/run-document.js";
import type { Page } from "../draw/page.js";
import { escapeControls, wrapText } from "../draw/plain-text.js";
import { agentWords } from "../words/agent-words.js";
import { commitWords } from "../words/commit-words.js";
import { formatBytes, formatCount } from "../words/format.js";
import { heading } from "../words/words.js";

export function renderEnvironment(document: RunDocument, page: Page): string[] {
  return [
    ...heading("Environment", page),
    ...wrapText(escapeControls(environmentWords(document)), page.width, { first: 2 }),
    ...wrapText(placementWords(document), page.width, { first: 2 }),
    ...wrapText(escapeControls(agentWords(document) ?? ""), page.width, { first: 2 }),
  ];
}

/** The machine, what ran on it, and when. */
export function environmentWords({
  environment,
  tool,
  startedAt,
}: Pick<RunDocument, "environment" | "tool" | "startedAt">): string {
  const { os, kernel, arch, cpuModel, cpus, memoryBytes, node, maxOpenFiles, ci } = environment;
  const commit = commitWords(environment);
  const parts = [
    `${os} ${kernel} ${arch}`,
    `${cpus} x ${cpuModel ?? "CPU"}`,
    formatBytes(memoryBytes),
    `Node ${node.replace(/^v/, "")}`,
    ...(maxOpenFiles === null ? [] : [`${formatCount(maxOpenFiles)} open files`]),
    ...virtualisationParts(environment),
    ...(ci ? ["in CI"] : []),
    ...(commit === null ? [] : [commit]),
    `${tool.name} ${tool.version}`,
    startedAt,
  ];
  return parts.join(", ");
}

function virtualisationParts({ virtualisation }: Environment): string[] {
  if (virtualisation == null) return [];
  const { hypervisor, container } = virtualisation;
  const machine = hypervisor === "none" ? [] : [`virtual machine (${hypervisor})`];
  return container === null ? machine : [...machine, `in a container (${container})`];
}

/** `proxy on processor 1, generator and backend on processor 0, all at real-time priority`. */
function placementWords({ placement }: RunDocument): string {
  const parts = new Map<string, string[]>();
  for (const part of ["proxy", "generator", "backend"] as const) {
    const cpus = placement[part];
    if (cpus !== null) parts.set(cpus.join(" "), [...(parts.get(cpus.join(" ")) ?? []), part]);
  }
  if (parts.size === 0) return "no part kept on processors of its own";
  const { proxyRealTime = false, endsRealTime = false } = placement;
  const groups = [...parts].map(([cpus, names]) => ({
    words: `${names.join(" and ")} on processor ${cpus}`,
    isRealTime: names.includes("proxy") ? proxyRealTime : endsRealTime,
  }));
  const priority = " at real-time priority";
  if (groups.length > 1 && groups.every(({ isRealTime }) => isRealTime))
    return `${groups.map(({ words }) => words).join(", ")}, all${priority}`;
  return groups.map(({ words, isRealTime }) => words + (isRealTime ? priority : "")).join(", ");
}
