/** A probe behind a proxy that somebody else runs. */
import type { BehindAddress } from "../scenario/behind.js";

/** Where the probe's backend listens, and what its own requests carry. */
export interface ProbeBehind {
  readonly addresses: readonly BehindAddress[];
  readonly token: string;
}
