/**
 * A config whose times are made short enough to be waited for.
 */
import { compareVersions } from "../../program/program-spec.js";
import type { Variant } from "../../variant.js";
import { everyRecord, isRecord, type Json } from "./json.js";

/** The first version with `stream_close_delay`. */
const delaySince = "2.8";

/** Caddy counts times in nanoseconds. */
export function varyConfig(config: Json, { kind, seconds }: Variant, version: string): void {
  // Before, every WebSocket is closed at once.
  if (kind === "shutdown" && compareVersions(version, delaySince) < 0) return;
  const time = Math.round(seconds * 1e9);
  for (const { record } of everyRecord(config.apps)) {
    if (record.handler !== "reverse_proxy") continue;
    if (kind === "shutdown") record.stream_close_delay = time;
    else {
      const transport = isRecord(record.transport) ? record.transport : { protocol: "http" };
      record.transport = { ...transport, read_timeout: time };
    }
  }
}
