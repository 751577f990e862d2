/**
 * A config made ready for a private prefix, whether built in or adopted from the user's own file.
 */
import type { UsageError } from "../../../base/errors.js";
import type { RenewedFiles } from "../../instance/renew-certificate.js";
import type { UpstreamAddress, WebSocketAddress } from "../../proxy.js";
import type { Directive, Origin } from "../language/nginx-tree.js";
import type { ReadableConfig } from "../run/as-written.js";

/** Every path in it is relative to the prefix, every address a mark. */
export interface RunnableConfig {
  readonly tree: readonly Directive[];
  /** What it was made of. */
  readonly written: readonly Directive[];
  /** The same before anything was taken out or replaced, for nginx to read; null for what wsrally wrote. */
  readonly asWritten: ReadableConfig | null;
  /** What the config is called in messages. */
  readonly name: string;
  readonly listenCount: number;
  readonly tls: boolean;
  /** Whether wsrally chose worker_connections and open files, by the workload. */
  readonly isSized: boolean;
  readonly caPem: string | null;
  /** Files that the config refers to, by their name in the prefix. */
  readonly files: ReadonlyMap<string, string | Buffer>;
  /** Those of them that hold the run's own certificates, with new ones in them; null where there is none. */
  readonly renewedFiles: RenewedFiles | null;
  /** The user's own files by the name of their copies, which are among them. */
  readonly originals: ReadonlyMap<string, string>;
  /** Whether the config is a stranger's. */
  readonly isConfined: boolean;
  readonly webSocket: WebSocketAddress | null;
  readonly upstreams: readonly UpstreamAddress[];
  /** Why it cannot be measured even if nginx takes it; null when it can. nginx's own words go first. */
  readonly obstacle: UsageError | null;
  /** Whether modules that the user's config loads were left out. */
  readonly dropsModules: boolean;
  /** Notes what is left out for lack of a module. */
  readonly note: (sentence: string, origin: Origin | null) => void;
  changes(): readonly string[];
}
