/**
 * nginx's times as written.
 */
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
