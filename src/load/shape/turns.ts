/** Whose turn it is in an open loop, and when. */
import type { Pacer } from "../../base/pacer.js";

export interface Turns extends Pacer {
  /** On which connection the message goes whose time `nextNs` gave last; undefined: none is open. */
  nextConnection(): number | undefined;
}
