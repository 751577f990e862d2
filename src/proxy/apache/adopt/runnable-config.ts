/**
 * A config made ready for a private folder, whether built in or adopted from the user's own files.
 */
import type { UsageError } from "../../../base/errors.js";
import type { RenewedFiles } from "../../instance/renew-certificate.js";
import type { UpstreamAddress, WebSocketAddress } from "../../proxy.js";
import type { PrintedConfig } from "../language/print-config.js";

/** Every path in it is relative to the folder, every address a mark. */
export interface RunnableConfig {
  readonly config: PrintedConfig;
  /** What the config is called in messages. */
  readonly name: string;
  readonly listenCount: number;
  readonly tls: boolean;
  readonly caPem: string | null;
  /** Files that the config refers to, by their name in the folder. */
  readonly files: ReadonlyMap<string, string | Buffer>;
  /** Empty ones, for what shows files. */
  readonly folders: readonly string[];
  /** Those of them that hold the run's own certificates, with new ones in them; null where there is none. */
  readonly renewedFiles: RenewedFiles | null;
  /** The user's own files by the name of their copies. */
  readonly originals: ReadonlyMap<string, string>;
  readonly isConfined: boolean;
  readonly webSocket: WebSocketAddress | null;
  readonly upstreams: readonly UpstreamAddress[];
  /** Why it cannot be measured even if Apache takes it; null when it can. Apache's own words go first. */
  readonly obstacle: UsageError | null;
  readonly changes: readonly string[];
}
