/**
 * A config made ready for a private prefix, whether built in or adopted from the user's own file.
 */
import type { Directive } from "./nginx-tree.js";

/** Every path in it is relative to the prefix, every address a mark. */
export interface RunnableConfig {
  readonly tree: readonly Directive[];
  /** What the config is called in messages. */
  readonly name: string;
  readonly listenCount: number;
  readonly tls: boolean;
  readonly caPem: string | null;
  /** Files that the config refers to, by their name in the prefix. */
  readonly files: ReadonlyMap<string, string>;
  readonly changes: readonly string[];
}
