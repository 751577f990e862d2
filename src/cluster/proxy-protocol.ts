/**
 * What a controller asks an agent about the proxies that run on its host, and what it is told.
 */
import type {
  BackendAddress,
  PreparedProxy,
  ProxyEndpoint,
  ProxyWish,
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

/** @property arm names it among those of the run */
export type ProxyRequest =
  /** A piece of a file's content, in base64; the pieces of one come in order. */
  | { readonly kind: "keep"; readonly sha256: string; readonly bytes: number; readonly piece: string }
  | { readonly kind: "prepare"; readonly arm: string; readonly order: ProxyOrder }
  /** @property port where it was before, or null for a free one */
  | { readonly kind: "start"; readonly arm: string; readonly port: number | null }
  | { readonly kind: "look"; readonly arm: string; readonly question: Question }
  | { readonly kind: "reload"; readonly arm: string; readonly config: "changed" | "same" }
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
};

export type ProxyAnswer =
  | { readonly kind: "prepared"; readonly proxy: PreparedThere }
  | { readonly kind: "started"; readonly endpoint: ProxyEndpoint; readonly reloads: boolean }
  | { readonly kind: "seen"; readonly answer: unknown };
