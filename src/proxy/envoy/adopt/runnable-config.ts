/**
 * A config made ready for a private folder, whether built in or adopted from the user's own files.
 */
import type { UsageError } from "../../../base/errors.js";
import type { RenewedFiles } from "../../instance/renew-certificate.js";
import type { UpstreamAddress, WebSocketAddress } from "../../proxy.js";
import type { ConfigMap } from "../../tree/config-node.js";

/** Every path in it is relative to the folder, every address a mark. */
export interface RunnableConfig {
  readonly tree: ConfigMap;
  /** What the config is called in messages. */
  readonly name: string;
  readonly listenCount: number;
  /** Worker threads; null for as many as the processors that it is given. */
  readonly concurrency: number | null;
  /** Options of the command line that say how long a hot restart takes. */
  readonly handOver: readonly string[];
  /** A new certificate in the place of the run's own; null where there is none. */
  readonly renewedFiles: RenewedFiles | null;
  readonly tls: boolean;
  readonly caPem: string | null;
  /** Files that the config refers to, by their name in the folder. */
  readonly files: ReadonlyMap<string, string | Buffer>;
  /** The user's own files by the name of their copies. */
  readonly originals: ReadonlyMap<string, string>;
  /** What the config asks of the environment; none for a stranger's. */
  readonly variables: ReadonlyMap<string, string>;
  /** Whether the config is a stranger's. */
  readonly isConfined: boolean;
  readonly webSocket: WebSocketAddress | null;
  readonly upstreams: readonly UpstreamAddress[];
  /** Why it cannot be measured even if Envoy takes it; null when it can. Envoy's own words go first. */
  readonly obstacle: UsageError | null;
  readonly changes: readonly string[];
}
