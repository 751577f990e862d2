/**
 * nginx's times and numbers as written.
 */
import type { ConfigView } from "./config-view.js";

const unitSeconds: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_592_000,
  y: 31_536_000,
};

/** `1m30s`, `60`, `500ms` in seconds; null for what is no time. */
export function secondsOf(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  const parts = [...text.replace(/\s+/g, "").matchAll(/(\d+)(ms|[smhdwMy])/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== text.replace(/\s+/g, "")) return null;
  return parts.reduce((sum, [, count, unit = "s"]) => sum + Number(count) * (unitSeconds[unit] ?? 1), 0);
}

/** The first word of a directive at the outermost level or in events, or null. */
export function topLevelWord({ tree }: Pick<ConfigView, "tree">, name: string): string | null {
  const events = tree.find((node) => node.name === "events")?.block ?? [];
  return [...tree, ...events].findLast((node) => node.name === name)?.args[0] ?? null;
}
