/**
 * What a probe is asked for.
 */
import type { ArmTarget } from "../scenario/arm.js";
import type { ProbeBehind } from "./probe-behind.js";

export interface ProbeSettings {
  readonly arm: ArmTarget;
  readonly set: Readonly<Record<string, string>>;
  /** Null: where the config proxies Upgrade, the URL's own, or `/sock`. */
  readonly path: string | null;
  /** Null: the path that the client asks for. */
  readonly backendPath: string | null;
  /** Which server of the config; null for the one that proxies WebSockets. */
  readonly serverName: string | null;
  readonly host: string | null;
  readonly origin: string | null;
  /** The user's own, on every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the upstreams that the config names answer, and not a backend of ours. */
  readonly keepsUpstream: boolean;
  /** Where our backend stands behind a URL's proxy, and the token of this probe; null where it does not. */
  readonly behind: ProbeBehind | null;
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly quick: boolean;
  readonly idle: boolean;
  readonly signal: AbortSignal;
  /** Told what is being looked at. */
  readonly progress: (doing: string) => void;
}
