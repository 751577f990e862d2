/**
 * What a controller asks an agent about the proxies that run on its host, and what it is told.
 */
import type { KilledProcesses } from "../proxy/kill-processes.js";
import type {
  BackendAddress,
  PreparedProxy,
  ProxyEndpoint,
  ProxyWish,
  ReplaceableStart,
  RunningProxy,
} from "../proxy/proxy.js";
import type { ArmTarget } from "../scenario/arm.js";

/** A file of the user's, by where it lies there, and by its content. */
export interface FileMark {
  readonly path: string;
  readonly sha256: string;
}

/** An arm's proxy, as it is to be made ready. */
export interface ProxyOrder {
  readonly target: ArmTarget;
  readonly set: Readonly<Record<string, string>>;
  readonly wish: ProxyWish & { readonly backend: BackendAddress };
  /** Every file that its config is read from; they have come before. */
  readonly files: readonly FileMark[];
}

/** What a running proxy is asked, and what has no function in its answer. */
export const questions = [
  "usage",
  "residentBytes",
  "descriptors",
  "exactBytes",
  "footprint",
  "knownFootprint",
  "exited",
  "diary",
] as const satisfies readonly (keyof RunningProxy)[];
export type Question = (typeof questions)[number];

/** Afresh, on the port that it had before, or so that another can take its place. */
export type StartWay = "afresh" | "replaceable" | { readonly port: number };

/** @property arm names it among those of the run */
export type ProxyRequest =
  /** A piece of a file's content, in base64; the pieces of one come in order. */
  | { readonly kind: "keep"; readonly sha256: string; readonly bytes: number; readonly piece: string }
  | { readonly kind: "prepare"; readonly arm: string; readonly order: ProxyOrder }
  | { readonly kind: "start"; readonly arm: string; readonly how: StartWay }
  | { readonly kind: "look"; readonly arm: string; readonly question: Question | "processes" }
  | { readonly kind: "reload"; readonly arm: string; readonly config: "changed" | "same" }
  /** As `RunningProxy.pointTo`. */
  | { readonly kind: "point"; readonly arm: string; readonly backend: BackendAddress }
  /** By the same program: none of this machine's is there. */
  | { readonly kind: "replace"; readonly arm: string }
  | { readonly kind: "renew"; readonly arm: string }
  | { readonly kind: "kill"; readonly arm: string; readonly which: KilledProcesses }
  | { readonly kind: "stop"; readonly arm: string };

/** As it was made ready there. */
export type PreparedThere = Pick<
  PreparedProxy,
  | "kind"
  | "tls"
  | "facts"
  | "version"
  | "build"
  | "configText"
  | "configSha256"
  | "changes"
  | "webSocket"
  | "upstreams"
> & {
  /** Whether it can be started again where it was. */
  readonly restarts: boolean;
  /** Null where none can take its place. */
  readonly replaceable: Pick<ReplaceableStart, "isReload"> | null;
  /** Whether it can have new certificates of the run's authority. */
  readonly renews: boolean;
};

/** What can be done to a proxy that runs. */
export const deeds = ["reload", "pointTo", "replace"] as const satisfies readonly (keyof RunningProxy)[];
export type Deed = (typeof deeds)[number];

export type ProxyAnswer =
  | { readonly kind: "prepared"; readonly proxy: PreparedThere }
  | { readonly kind: "started"; readonly endpoint: ProxyEndpoint; readonly can: readonly Deed[] }
  | { readonly kind: "seen"; readonly answer: unknown };
