/**
 * A config made ready for a private folder, whether built in or adopted from the user's own files.
 */
import type { UsageError } from "../../../base/errors.js";
import type { RenewedFiles } from "../../instance/renew-certificate.js";
import type { UpstreamAddress, WebSocketAddress } from "../../proxy.js";
import type { Parts } from "../route/parts.js";
import type { TraefikConfig } from "../run/template.js";

/** Every path in it is relative to the folder, every address a mark. */
export interface RunnableConfig {
  readonly config: TraefikConfig;
  /** What the config is called in messages. */
  readonly name: string;
  /** As its user wrote it; null for the built-in one. */
  readonly written: Parts | null;
  /** Routers whose refusal is the config's: those that the WebSocket meets; null for all. */
  readonly routers: readonly string[] | null;
  readonly listenCount: number;
  /** Where it is asked whether its routes are in force. */
  readonly ready: { readonly listen: number; readonly tls: boolean };
  readonly tls: boolean;
  readonly caPem: string | null;
  /** Processors that Traefik keeps busy. */
  readonly workers: number;
  /** Files that the config refers to, by their name in the folder. */
  readonly files: ReadonlyMap<string, string | Buffer>;
  /** Those of them that hold the run's own certificate, with a new one in them; null where there is none. */
  readonly renewedFiles: RenewedFiles | null;
  /** The user's own files by the name of their copies. */
  readonly originals: ReadonlyMap<string, string>;
  /** What is set for Go's runtime. */
  readonly variables: ReadonlyMap<string, string>;
  /** Whether the config is a stranger's. */
  readonly isConfined: boolean;
  readonly webSocket: WebSocketAddress | null;
  readonly upstreams: readonly UpstreamAddress[];
  /** Why it cannot be measured even if Traefik takes it; null when it can. Traefik's own words go first. */
  readonly obstacle: UsageError | null;
  readonly changes: readonly string[];
}
