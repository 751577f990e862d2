/**
 * Workload keys that say how the same load is carried.
 */
import { quantitySchema } from "./quantity-schema.js";
import { type Weather, weatherKeys, weatherOf } from "./weather-schema.js";

export interface Transport {
  /** Version that carries the WebSockets. */
  readonly http: 1 | 2;
  /** The most on one connection, where that is 2. */
  readonly streams: number;
  /** What a line between clients and proxy does to packets; null: it does nothing, or there is none. */
  readonly line: Weather | null;
}

/** What most proxies allow, and browsers reckon with. */
const streamsUsual = 100;

export const transportKeys = {
  ...weatherKeys,
  http: quantitySchema({ kind: "count", least: 1, most: 2 }).describe(
    "HTTP version that carries the WebSockets: 1, or 2 for many on one connection (1)",
  ),
  streams: quantitySchema({ kind: "count", least: 1, most: 1_000_000 }).describe(
    "With http 2: WebSockets on one connection, or as many as the proxy allows if that is fewer (100)",
  ),
};

export function transportOf({
  http,
  streams = streamsUsual,
  delay,
  loss,
}: {
  readonly http?: number | undefined;
  readonly streams?: number | undefined;
  readonly delay?: string | undefined;
  readonly loss?: number | undefined;
}): Transport {
  return { http: http === 2 ? 2 : 1, streams, line: weatherOf(delay, loss) };
}
