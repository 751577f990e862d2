/**
 * What `--set` may change of the embedded relay.
 */
import { UsageError } from "../base/errors.js";

export interface RelaySettings {
  /** Microseconds of processor that the relay burns for every read from a client: a slowdown of known size. */
  readonly spinUs: number;
}

const mostSpinUs = 100_000;

/** @throws UsageError for another name, or a value that is no number of microseconds */
export function parseRelaySettings(set: Readonly<Record<string, string>>): RelaySettings {
  const { spin_us: spin = "0", ...others } = set;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new UsageError(
      `Cannot set ${unknown} on the embedded relay: want spin_us, microseconds burnt a message`,
    );
  }
  const spinUs = Number(spin);
  if (spin.trim() === "" || !(spinUs >= 0 && spinUs <= mostSpinUs)) {
    throw new UsageError(`Cannot set spin_us=${spin}: want microseconds from 0 to ${mostSpinUs}`);
  }
  return { spinUs };
}
