/** A soak's trends in words: `memory grows 1.20 MiB/h (0.90 MiB/h to 1.50 MiB/h)`. */
import type { Soak, SoakMetric, SoakTrend } from "../../results/soak-schema.js";
import { escapeControls } from "../draw/plain-text.js";
import { formatBytes, formatCount, formatNumberOf, formatPerS, formatUs } from "../words/format.js";

export const metricWords: Readonly<Record<SoakMetric, string>> = {
  rssBytes: "memory",
  descriptors: "open files",
  p50: "p50",
  p99: "p99",
  cpuUsPerMessage: "CPU a message",
  inFlight: "messages under way",
  throughputPerS: "throughput",
};

export function metricValue(metric: SoakMetric, value: number): string {
  switch (metric) {
    case "rssBytes":
      return formatBytes(value);
    case "p50":
    case "p99":
    case "cpuUsPerMessage":
      return formatUs(value);
    case "descriptors":
    case "inFlight":
      return formatPerS(value);
    case "throughputPerS":
      return `${formatPerS(value)}/s`;
  }
}

/** With its sign. */
export function perHour(metric: SoakMetric, value: number): string {
  return `${value > 0 ? "+" : ""}${metricValue(metric, value)}`;
}

/** The interval is named where it decides something. */
export function trendWords({ metric, verdict, slopePerH, low, high }: SoakTrend): string {
  const name = metricWords[metric];
  if (verdict === "flat") return `${name} flat`;
  if (verdict === "untold") return `${name} cannot be told yet`;
  const amount = (value: number): string => metricValue(metric, Math.abs(value));
  const range = verdict === "grows" ? [low, high] : [high, low];
  return `${name} ${verdict} ${amount(slopePerH)} an hour (${range.map(amount).join(" to ")})`;
}

const eventNames = {
  reload: "reload",
  "reload-same": "reload of an unchanged config",
  "kill-worker": "killed worker",
} as const;

/** `with a reload, 12 times`; null where nothing was to happen. */
export function eventsWords({ events }: Soak): string | null {
  if (events === undefined) return null;
  const [first] = events;
  if (first === undefined) return "no event yet";
  const times = events.length === 1 ? "" : `, ${events.length} times`;
  return `with a ${eventNames[first.event]}${times}`;
}

/** What growing memory would come to for each message or connection; null where nothing grows. */
export function growthWords({ growth, arm }: Soak): string | null {
  const words = [
    ...(growth.bytesPerMessage === null ? [] : [`${formatBytes(growth.bytesPerMessage)} a message`]),
    ...(growth.bytesPerConnection === null
      ? []
      : [`${formatBytes(growth.bytesPerConnection)} a connection opened again`]),
  ];
  if (words.length === 0) return null;
  return `if ${escapeControls(arm)}'s memory grows with what it does, that is ${words.join(", or ")}`;
}

/** What was sent unasked and came, of the whole soak once it is over, else of its windows; none for another load. */
export function unaskedWords({ windows, push, fanout }: Soak): string[] {
  const pushed = (push === undefined ? windows : [{ push }]).flatMap((part) => part.push ?? []);
  const rooms = (fanout === undefined ? windows : [{ fanout }]).flatMap((part) => part.fanout ?? []);
  const came = (delivered: number, of: number): string =>
    delivered === of ? "all came" : `${formatCount(delivered)} came`;
  const due = sumOf(pushed, (one) => one.due);
  const expected = sumOf(rooms, (one) => one.expected);
  const words = {
    push: `pushes: ${formatCount(due)} due, ${formatCount(sumOf(pushed, ({ sent }) => sent))} sent, ${came(
      sumOf(pushed, ({ delivered }) => delivered),
      due,
    )}`,
    rooms: `rooms: ${formatNumberOf(
      sumOf(rooms, ({ sent }) => sent),
      "message",
    )} sent; of ${formatCount(expected)} deliveries ${came(
      sumOf(rooms, ({ delivered }) => delivered),
      expected,
    )}`,
  };
  return [...(pushed.length === 0 ? [] : [words.push]), ...(rooms.length === 0 ? [] : [words.rooms])];
}

function sumOf<Part>(parts: readonly Part[], pick: (part: Part) => number): number {
  return parts.reduce((sum, part) => sum + pick(part), 0);
}
