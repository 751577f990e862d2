/**
 * What a probe's backend keeps of a request, and how it is told to answer.
 */
import type { Socket } from "node:net";
import type { HeaderField } from "../websocket/header-fields.js";
import type { ReceivedRequest, RequestReading } from "../websocket/upgrade-request-reader.js";
import type { SeenTls } from "./secure-server.js";
import type { EndHabits, WebSocketEnd } from "./websocket-end.js";

/** A request as the backend got it, and what became of it. */
export interface BackendExchange {
  readonly kind: Exclude<RequestReading["kind"], "incomplete" | "http2">;
  /** Null when it could not even be read as HTTP. */
  readonly request: ReceivedRequest | null;
  /** The head as it came, in Latin-1. */
  readonly rawHead: string;
  /** The WebSocket, when the upgrade was accepted. */
  readonly end: WebSocketEnd | null;
  readonly socket: Socket;
  /** Null for a plain connection. */
  readonly tls: SeenTls | null;
}

export interface BackendManners {
  /** Sent in the 101 behind the handshake's own. */
  readonly fields: readonly HeaderField[];
  /** Accepts the first subprotocol offered. */
  readonly takesSubprotocol: boolean;
  /** The path that the WebSocket is at; null: every path. */
  readonly onlyPath: string | null;
  readonly habits: EndHabits;
  /** Answers every upgrade with this status; null: with 101. */
  readonly refusesWith: number | null;
}
