/**
 * A config made ready for a private folder, whether built in or adopted from the user's own files.
 */
import type { UsageError } from "../../../base/errors.js";
import type { RenewedFiles } from "../../instance/renew-certificate.js";
import type { UpstreamAddress, WebSocketAddress } from "../../proxy.js";
import type { ConfigLanguage } from "../run/caddy-instance.js";

/** Every path in it is relative to the folder, every address a mark. */
export interface RunnableConfig {
  readonly text: string;
  readonly language: ConfigLanguage;
  /** What the config is called in messages. */
  readonly name: string;
  readonly listenCount: number;
  readonly tls: boolean;
  readonly caPem: string | null;
  /** Files that the config refers to, by their name in the folder. */
  readonly files: ReadonlyMap<string, string | Buffer>;
  /** Those of them that hold the run's own certificate, with a new one in them; null where there is none. */
  readonly renewedFiles: RenewedFiles | null;
  /** What is set for Go's runtime, and what the config asks of the environment; none of that for a stranger's. */
  readonly variables: ReadonlyMap<string, string>;
  readonly webSocket: WebSocketAddress | null;
  readonly upstreams: readonly UpstreamAddress[];
  /** Why it cannot be measured even if Caddy takes it; null when it can. Caddy's own words go first. */
  readonly obstacle: UsageError | null;
  readonly changes: readonly string[];
}
