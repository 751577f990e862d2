/**
 * What a check saw: what went in at one end and what came out at the other, in no proxy's words. A proxy explains it in
 * its own directives.
 */
import type { LogCause } from "./log-cause.js";

export interface LoggedLine {
  readonly line: string;
  /** Without its stamps, and what else it repeats. */
  readonly shown: string;
  /** Null where nothing is known to follow from it. */
  readonly cause: LogCause | null;
}

/** What the proxy logged meanwhile. */
export type Log = readonly LoggedLine[];

/** What a client asked that was not answered as it should be: conditions of a config may look at any of it. */
export interface AskedRequest {
  readonly path: string;
  readonly host: string | null;
  /** Of the Connection header: "Upgrade", or "keep-alive, Upgrade" as Firefox has it. */
  readonly connection: string;
  readonly tls: boolean;
}

/** What became of a path and its query on the way. */
export interface PathChange {
  /** Null where it arrives as it is wanted. */
  readonly path: { readonly wanted: string; readonly arrived: string } | null;
  /** Parameters of the query. */
  readonly lost: readonly string[];
  readonly gained: readonly string[];
}

export type Symptom =
  | { readonly kind: "config-refused"; readonly words: string }
  | {
      readonly kind: "answered-early";
      readonly status: number;
      readonly location: string | null;
      readonly bodyStart: string;
      readonly log: Log;
      /** Null for the request that a browser makes of the path in question. */
      readonly asked?: AskedRequest;
    }
  /** What arrived at the backend, if anything, is no HTTP/1 request. */
  | { readonly kind: "other-protocol" }
  | { readonly kind: "client-tls-failed" }
  | { readonly kind: "unanswered"; readonly how: "closed" | "reset" | "timeout"; readonly log: Log }
  | { readonly kind: "upgrade-lost"; readonly upgrade: string | null; readonly connection: string | null }
  | { readonly kind: "http-version"; readonly version: "1.0" | "2" }
  | { readonly kind: "answer-lost"; readonly log: Log }
  | { readonly kind: "answer-changed"; readonly log: Log }
  | { readonly kind: "key-lost"; readonly log: Log }
  | {
      readonly kind: "path-changed";
      readonly sent: string;
      readonly arrived: string;
      readonly change: PathChange;
    }
  | { readonly kind: "plain-upgraded" }
  | {
      readonly kind: "header-changed";
      readonly header: string;
      readonly way: "to-backend" | "to-client";
      readonly arrived: string | null;
    }
  | { readonly kind: "client-unknown"; readonly forged: boolean }
  | { readonly kind: "scheme-unknown" }
  | { readonly kind: "request-head-refused"; readonly bytes: number }
  | { readonly kind: "response-head-refused"; readonly bytes: number; readonly log: Log }
  | { readonly kind: "refusal-hidden"; readonly sent: number; readonly arrived: number | null }
  /** `seen`: what speaks on an upstream's port of this machine; null where the proxy's own log tells. */
  | { readonly kind: "upstream-tls-failed"; readonly log: Log; readonly seen: DistrustedUpstream | null }
  /** No name is sent with the TLS handshake. */
  | { readonly kind: "upstream-unnamed"; readonly name: string }
  | { readonly kind: "upstream-scheme"; readonly asked: "tls" | "plain"; readonly address: string }
  | { readonly kind: "messages-held"; readonly delayMs: number }
  | { readonly kind: "slow-reader"; readonly reader: "client" | "backend"; readonly lost: boolean }
  /** Servers of the config at which nobody was found. */
  | { readonly kind: "upstream-missing"; readonly isAll: boolean }
  /** By an upstream of the user's own, if not by the proxy. */
  | { readonly kind: "upstream-failed"; readonly status: number | null; readonly log: Log }
  /** Null where it was foretold, or seen with a shorter time than the config's. */
  | { readonly kind: "idle-end"; readonly afterS: number | null }
  | { readonly kind: "heartbeat-ignored"; readonly which: string }
  | { readonly kind: "cut-at-reload"; readonly afterS: number | null; readonly close: number | null }
  /** Clients whose links were cut without a word, and whom the proxy went on keeping. */
  | { readonly kind: "dead-kept" }
  /** No more than so many for each of something. */
  | { readonly kind: "share-ends"; readonly allowed: number }
  /** `how` is null where it was foretold. */
  | { readonly kind: "room-ends"; readonly opened: number; readonly how: RoomEnd | null; readonly log: Log }
  | H2Symptom;

/** Of WebSockets over HTTP/2 (RFC 8441). `version` is the proxy's; null where it is not known. */
export type H2Symptom = { readonly kind: "h2-websocket"; readonly version: string | null } & (
  | { readonly what: "unannounced" | "key-missing" }
  /** The status that came, or the code of RST_STREAM; null for neither. */
  | { readonly what: "refused"; readonly how: number | string | null }
  /** Of so many streams a connection, null for no limit, that many were open when the next was not answered. */
  | { readonly what: "streams-end"; readonly announced: number | null; readonly opened: number }
  /** So many streams a connection, which is few. */
  | { readonly what: "few-streams"; readonly announced: number }
  | { readonly what: "cut-at-reload"; readonly afterS: number | null }
  /** One that is not read, at that end, holds up the others of its connection. */
  | { readonly what: "slow-stream"; readonly reader: "client" | "backend" }
);

/** What the first client got that there was no room for: one proxy answers, another lets it wait. */
export type RoomEnd = "refused" | "closed" | "waits" | { readonly status: number };

/** Why the proxy would not get on with what answered a TLS handshake at an upstream's address. */
export interface DistrustedUpstream {
  readonly address: string;
  readonly why: "handshake" | "expired" | "authority" | "name";
  /** An OpenSSL code, or the names that the certificate is for. */
  readonly words: string;
  /** The name that the proxy looks for. */
  readonly wanted: string;
}
