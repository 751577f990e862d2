/**
 * What a proxy's config says of the connections that go through it: read once, by whoever knows its language.
 */
import type { Quote, Stated } from "./quote.js";

/** A limit that is counted for each value of something, such as the client's address. */
export interface KeyedLimit<Value> extends Stated<Value> {
  /** In the config's own words. */
  readonly by: string;
  /** Where that is written, if anywhere. */
  readonly definition: Quote | null;
  /** Whether every connection to the path meets it; false behind one of several ways through the config. */
  readonly holdsForAll: boolean;
}

/** A rate of handshakes, as it is written: "10r/s". */
export interface HandshakeLimit extends KeyedLimit<string> {
  readonly perS: number;
  /** Beyond the rate. */
  readonly burst: number;
  /** Whether those of the burst wait for their turn. */
  readonly delays: boolean;
}

/** Below this a handful of users' browsers fill it. */
export const fewConnections = 512;

/** WebSockets that there is room for when they come all at once. */
export interface Room extends Stated<number> {
  /** The same when they come one by one. */
  readonly oneByOne: number;
  /** Parts that are filled each by itself, so that one may be full while another has room. */
  readonly parts: number;
  /** How it comes about, a line each. */
  readonly words: readonly string[];
}

export interface ConfigFacts {
  /** Processes or threads that carry connections. */
  readonly workers: number;
  /** After so many seconds of silence a WebSocket is closed; null: never, or it cannot be told. */
  readonly idleS: Stated<number | null>;
  /** So long old workers wait for open WebSockets after a reload; null: until the last one ends. */
  readonly shutdownS: Stated<number | null>;
  /** Null where the file does not say. */
  readonly room: Room | null;
  /** Of those for the path, the one that lets the fewest connections in; null for none. */
  readonly connectionLimit: KeyedLimit<number> | null;
  readonly handshakeLimit: HandshakeLimit | null;
  /** Connections that wait to be accepted. */
  readonly backlog: Stated<number>;
  /** Open files that one WebSocket takes. */
  readonly filesPerConnection: number;
}
