/** Where it was measured: numbers of another machine do not compare with these. */
import type { RunDocument } from "../results/run-document.js";
import { formatBytes, formatCount } from "./format.js";
import type { Page } from "./paint.js";
import { escapeControls, wrapText } from "./plain-text.js";
import { heading } from "./words.js";

export function renderEnvironment({ environment, tool, startedAt }: RunDocument, page: Page): string[] {
  const { os, kernel, arch, cpuModel, cpus, memoryBytes, node, maxOpenFiles, ci } = environment;
  const parts = [
    `${os} ${kernel} ${arch}`,
    `${cpus} x ${cpuModel ?? "CPU"}`,
    formatBytes(memoryBytes),
    `Node ${node.replace(/^v/, "")}`,
    ...(maxOpenFiles === null ? [] : [`${formatCount(maxOpenFiles)} open files`]),
    ...(ci ? ["in CI"] : []),
    `${tool.name} ${tool.version}`,
    startedAt,
  ];
  return [
    ...heading("Environment", page),
    ...wrapText(escapeControls(parts.join(", ")), page.width, { first: 2 }),
  ];
}
