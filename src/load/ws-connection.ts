/** One WebSocket of the `ws` package, from its handshake to the name of its end. */
import type { IncomingMessage } from "node:http";
import { type ClientOptions, type RawData, WebSocket } from "ws";
import { fillText } from "../websocket/filled-text.js";
import { answerPings } from "../websocket/ws-limits.js";
import { classifyError, endedBare, peerClosed, unansweredWithin } from "./classify-error.js";
import type { ConnectionFault, OpeningTimes } from "./engine.js";
import type { Target } from "./messages.js";
import { readRefusalBody } from "./refusal-body.js";
import { acceptNoSubprotocol, headersOf } from "./ws-handshake.js";
import { type Sessions, WsStream } from "./ws-stream.js";

/** What ws says in place of a code that came (RFC 6455, 7.1.5). */
const closedWithoutCode = 1005;
const endedWithoutFrame = 1006;
/** How long the other side may leave its stream open behind the closing handshake. */
const closeTimeoutMs = 1000;

/** What all connections of an engine have in common. */
interface WsConnectionSettings {
  readonly target: Target;
  readonly handshakeTimeoutMs: number;
  /** Waits for the body of a refusal, and tells it. */
  readonly readsRefusals: boolean;
  readonly sizes: Pick<ClientOptions, "maxPayload" | "maxFragments">;
  readonly sessions: Sessions;
}

interface WsConnectionRoute {
  readonly port: number;
  readonly localAddress?: string;
  /** What fills path and fields. */
  readonly row: readonly string[];
}

/** `failed` or `closed` is the last of it. */
interface WsConnectionEvents {
  opened(times: OpeningTimes): void;
  failed(fault: ConnectionFault): void;
  message(data: Buffer, isBinary: boolean): void;
  pong(): void;
  closed(fault: ConnectionFault): void;
  /** A frame came; before it is told what it was. */
  took(socket: WebSocket): void;
}

export class WsConnection {
  readonly socket: WebSocket;
  readonly #settings: WsConnectionSettings;
  readonly #events: WsConnectionEvents;
  readonly #stream: WsStream;
  readonly #deadline: NodeJS.Timeout;
  #fault: ConnectionFault | null = null;
  #isOpen = false;
  #isOver = false;

  constructor(
    settings: WsConnectionSettings,
    { row, ...route }: WsConnectionRoute,
    events: WsConnectionEvents,
  ) {
    const { target, handshakeTimeoutMs, sizes, sessions } = settings;
    this.#settings = settings;
    this.#events = events;
    this.#stream = new WsStream(target, route, sessions);
    this.socket = new WebSocket(urlOf(target, route.port, row), [...target.subprotocols], {
      ...clientOptions(target, this.#stream),
      headers: { Host: target.hostHeader, ...headersOf(target, row) },
      ...sizes,
    });
    this.socket.binaryType = "nodebuffer";
    acceptNoSubprotocol(this.socket, target);
    // ws's own limit begins anew with every byte that comes.
    this.#deadline = setTimeout(() => {
      this.#fault ??= unansweredWithin(handshakeTimeoutMs);
      this.socket.terminate();
    }, handshakeTimeoutMs);
    this.#hearOpening();
    this.#hearFrames();
    this.#hearEnd();
  }

  /** @returns false when it no longer takes messages: nothing was sent */
  send(data: Buffer, binary: boolean): boolean {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    // ws copies the bytes as it masks them, but compresses them later.
    this.socket.send(this.#settings.target.deflate ? Buffer.from(data) : data, { binary });
    return true;
  }

  ping(): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.ping();
  }

  /** Starts the closing handshake. What is left unread when the other side does not answer it is of no interest. */
  close(): void {
    this.#stream.isForgotten = true;
    this.socket.close(1000);
  }

  /** Ends it at once, without a word. */
  drop(): void {
    this.#isOver = true;
    clearTimeout(this.#deadline);
    this.#stream.isForgotten = true;
    this.socket.terminate();
  }

  #hearOpening(): void {
    this.socket.on("unexpected-response", (_request, response) => {
      if (this.#settings.readsRefusals)
        void readRefusalBody(response).then((body) => this.#refused(response, body));
      else this.#refused(response, null);
    });
    this.socket.on("open", () => {
      clearTimeout(this.#deadline);
      this.#isOpen = true;
      this.#events.opened(this.#stream.times());
    });
  }

  #refused({ statusCode, statusMessage }: IncomingMessage, body: string | null): void {
    if (this.#isOver) return;
    // ws leaves the end of such a connection to its user, and tells nothing more of it once it is terminated here.
    this.drop();
    const code = statusCode ?? 0;
    const detail = `HTTP ${code} ${statusMessage ?? ""}`.trim();
    this.#events.failed({ kind: "upgrade-status", code, detail, ...(body === null ? {} : { body }) });
  }

  #hearFrames(): void {
    const { socket } = this;
    const events = this.#events;
    answerPings(socket, true);
    socket.on("ping", () => events.took(socket));
    socket.on("message", (data: RawData, isBinary: boolean) => {
      // It may have been dropped for a message before it in the same read.
      if (this.#isOver) return;
      events.took(socket);
      events.message(data as Buffer, isBinary);
    });
    socket.on("pong", () => {
      events.took(socket);
      events.pong();
    });
  }

  #hearEnd(): void {
    this.socket.on("error", (error) => {
      this.#fault ??= classifyError(error, this.#isOpen);
      // The close frame is out. ws would wait for the other side's, and till then nobody knows of the fault.
      if (this.#isOpen) this.socket.terminate();
    });
    this.socket.on("close", (code, reason) => {
      clearTimeout(this.#deadline);
      if (this.#isOver) return;
      this.#isOver = true;
      const fault = this.#fault ?? this.#faultOfEnd(code, reason);
      if (this.#isOpen) this.#events.closed(fault);
      else this.#events.failed(fault);
    });
  }

  #faultOfEnd(code: number, reason: Buffer): ConnectionFault {
    const { error } = this.#stream;
    // A stream that breaks behind a close frame was not broken off: the other side need not wait for our answer.
    if (error !== null && code === endedWithoutFrame) return classifyError(error, this.#isOpen);
    if (!this.#isOpen) return { kind: "eof", code: null, detail: "closed before the upgrade" };
    if (code === endedWithoutFrame) return endedBare;
    return peerClosed(code === closedWithoutCode ? null : code, reason.toString("utf8"));
  }
}

function urlOf({ tls, address, path }: Target, port: number, row: readonly string[]): string {
  const authority = address.includes(":") ? `[${address}]` : address;
  return `${tls ? "wss" : "ws"}://${authority}:${port}${fillText(path, row)}`;
}

function clientOptions(target: Target, stream: WsStream): ClientOptions & { readonly closeTimeout: number } {
  return {
    perMessageDeflate: target.deflate,
    origin: target.origin,
    skipUTF8Validation: false,
    autoPong: false,
    closeTimeout: closeTimeoutMs,
    createConnection: () => stream.connect(),
  };
}
