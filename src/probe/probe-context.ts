/**
 * What every check has: the arm as it runs, both ends of it, and the config as it was written.
 */
import type { ConfigFacts } from "../diagnosis/config-facts.js";
import type { Finding } from "../diagnosis/finding.js";
import type { Log } from "../diagnosis/symptom.js";
import type { WrittenConfig } from "../diagnosis/written-config.js";
import type { RunningProxy } from "../proxy/proxy.js";
import type { Variant } from "../proxy/variant.js";
import type { ArmTarget } from "../scenario/arm.js";
import type { TokenPlace } from "../websocket/run-token.js";
import type { BackendExchange } from "./backend-exchange.js";
import type { ProbeBackend } from "./probe-backend.js";
import type { ClientExchange, ProbeTarget } from "./raw-client.js";
import type { WebSocketEnd } from "./websocket-end.js";

/** A WebSocket that is open at both ends. */
export interface OpenPair {
  readonly client: WebSocketEnd;
  readonly backend: WebSocketEnd;
}

/** What both ends saw of one request. */
export interface Observation {
  readonly client: ClientExchange;
  /** Null when the request did not reach the backend, or when the backend is not ours. */
  readonly backend: BackendExchange | null;
  /** Lines that the proxy logged meanwhile. */
  readonly log: Log;
}

export interface ProbeContext {
  readonly arm: ArmTarget;
  readonly target: ProbeTarget;
  /** Null where who answers there is not ours. */
  readonly backend: ProbeBackend | null;
  /** The addresses that a URL's proxy should pass to, and where the token arrived; null for any other arm. */
  readonly behind: { readonly at: string; readonly tokenIn: TokenPlace | null } | null;
  readonly proxy: RunningProxy;
  /** The proxy's; null where there is none to tell. */
  readonly version: string | null;
  /** As it was written, without its secrets; null where there is none to read. */
  readonly config: WrittenConfig | null;
  /** What it says of the connections to this path; null likewise. */
  readonly facts: ConfigFacts | null;
  /** The path that the backend has its WebSocket at. */
  readonly backendPath: string;
  readonly quick: boolean;
  readonly idle: boolean;
  readonly signal: AbortSignal;
  /** The opening handshake, made once with all that a browser sends; every check of the handshake reads it. */
  readonly opening: Observation;
  /** The same with passwords and address lists in the way, where they refused it; the rest is tested without them. */
  readonly refused: Observation | null;
  /** Sends a request and waits for what both ends see of it. */
  observe(text: string): Promise<Observation>;
  /** Opens a WebSocket. @returns null when it cannot be opened, which other findings say */
  openPair(): Promise<OpenPair | null>;
  /** What came back the last time that one could not be opened, or null. */
  lastRefusal(): string | null;
  /** All lines that the proxy has logged so far. */
  log(): Log;
  /** Waits until the connections that were dropped are gone from the backend. */
  settle(): Promise<void>;
  /** Starts a variant of the same config beside it. @returns null for an arm that has none such */
  startVariant(variant: Variant): Promise<RunningVariant | null>;
}

export interface RunningVariant {
  readonly context: ProbeContext;
  stop(): Promise<void>;
}

/** One look, with one finding or several. */
export interface Check {
  /** For the progress line. */
  readonly doing: string;
  /** Where it only says that it is left out, which takes no time to be told of. */
  isLeftOut?(context: ProbeContext): boolean;
  readonly run: (context: ProbeContext) => Promise<readonly Finding[]> | readonly Finding[];
}
