/** How the cost table's rows and figures are written. */
import { proxies } from "./proxies.js";

/** "nginx", "nginx, tuned" */
export function rowName({ kind, set }) {
  return `${proxies[kind]?.title ?? kind}${Object.keys(set).length > 0 ? ", tuned" : ""}`;
}

/** "64 B", "1 kB" */
export function bytesWords(bytes) {
  return bytes % 1000 === 0 ? `${bytes / 1000} kB` : `${bytes} B`;
}

/** "12,345" */
export function whole(value) {
  return Math.round(value).toLocaleString("en-US");
}

/** "9.4 (8.8-10.2)", "9.4 (~8.8-10.2)" of fewer than six trials, "9.4 (~, one trial)", "-" for what was not measured. */
export function intervalWords(figure, digits, unit = 1) {
  if (figure === null) return "-";
  const write = (value) =>
    (value / unit).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const { median, low, high, least, most, trials } = figure;
  if (trials === 1) return `${write(median)} (~, one trial)`;
  return low === null
    ? `${write(median)} (~${write(least)}-${write(most)})`
    : `${write(median)} (${write(low)}-${write(high)})`;
}

/** Sizes and numbers of connections that rows have, ascending. */
export function shapesOf(rows) {
  const byKey = new Map(
    rows.map(({ bytes, connections }) => [`${bytes} ${connections}`, { bytes, connections }]),
  );
  return [...byKey.values()].sort((a, b) => a.bytes - b.bytes || a.connections - b.connections);
}
