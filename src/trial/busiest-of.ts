/** Which of the three that share the machine was the busiest. */
import type { Part } from "./trial-record.js";

/** Null when one of them was not measured. */
export function busiestOf(shares: Readonly<Record<Part, number | null>>): Part | null {
  const { generator, proxy, backend } = shares;
  if (generator === null || proxy === null || backend === null) return null;
  const most = Math.max(generator, proxy, backend);
  if (most === proxy) return "proxy";
  return most === generator ? "generator" : "backend";
}
