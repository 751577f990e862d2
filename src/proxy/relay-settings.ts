/**
 * What `--set` may change of the embedded relay.
 */
import { UsageError } from "../base/errors.js";

export interface RelaySettings {
  /** Microseconds of processor that the relay burns for every read from a client: a slowdown of known size. */
  readonly spinUs: number;
  /** Milliseconds for which the relay stands still once a second: a stall of known size. */
  readonly stallMs: number;
  /** Bytes that the relay never gives back for every read from a client: a leak of known size. */
  readonly leakBytes: number;
  /** The same for every connection. */
  readonly leakConnectionBytes: number;
}

const mostSpinUs = 100_000;
/** As long as the second that it comes round in. */
const mostStallMs = 1000;
const mostLeakBytes = 1_048_576;

/** @throws UsageError for another name, or a value that is no number of microseconds */
export function parseRelaySettings(set: Readonly<Record<string, string>>): RelaySettings {
  const { spin_us: spin = "0", stall_ms: stall = "0", leak_bytes, leak_connection_bytes, ...others } = set;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new UsageError(
      `Cannot set ${unknown} on the embedded relay: want spin_us, microseconds burnt a message, stall_ms, milliseconds of standing still a second, or leak_bytes or leak_connection_bytes, bytes kept of each`,
    );
  }
  const spinUs = Number(spin);
  if (spin.trim() === "" || !(spinUs >= 0 && spinUs <= mostSpinUs)) {
    throw new UsageError(`Cannot set spin_us=${spin}: want microseconds from 0 to ${mostSpinUs}`);
  }
  const stallMs = Number(stall);
  if (stall.trim() === "" || !(stallMs >= 0 && stallMs <= mostStallMs)) {
    throw new UsageError(`Cannot set stall_ms=${stall}: want milliseconds from 0 to ${mostStallMs}`);
  }
  return {
    spinUs,
    stallMs,
    leakBytes: bytesOf("leak_bytes", leak_bytes),
    leakConnectionBytes: bytesOf("leak_connection_bytes", leak_connection_bytes),
  };
}

function bytesOf(name: string, given = "0"): number {
  const bytes = given.trim() === "" ? Number.NaN : Number(given);
  if (Number.isInteger(bytes) && bytes >= 0 && bytes <= mostLeakBytes) return bytes;
  throw new UsageError(`Cannot set ${name}=${given}: want whole bytes from 0 to ${mostLeakBytes}`);
}
