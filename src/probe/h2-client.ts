/**
 * A client of WebSockets over HTTP/2 (RFC 8441), for a handful of them that are looked at closely: `node:http2` over a
 * connection of the probe's own, with prior knowledge where it is plain (h2c), by ALPN where it is TLS.
 */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
  type Settings,
} from "node:http2";
import { TLSSocket } from "node:tls";
import { errorNameOf } from "../http2/frame-types.js";
import { connectionWindow } from "../http2/receive-windows.js";
import { answerWords } from "./evidence.js";
import { answeredBy, type H2Answer } from "./h2-answer.js";
import { offered } from "./handshake-offer.js";
import { openSocket, type ProbeTarget } from "./raw-client.js";
import { quietHabits, WebSocketEnd } from "./websocket-end.js";

/** What is waited for, of a proxy that speaks no HTTP/2 and does not say so. */
const settingsLimitMs = 1000;
const answerLimitMs = 2000;
/** As good as none (RFC 9113, 6.5.2). */
const unlimited = 2 ** 31 - 1;

/** Fields that no request has over HTTP/2 (RFC 9113, 8.2.2; RFC 8441, 5), and what pseudo-fields say in their place. */
const unfit: ReadonlySet<string> = new Set([
  ...["host", "connection", "upgrade", "keep-alive", "proxy-connection", "transfer-encoding", "te"],
  ...["http2-settings", "sec-websocket-key"],
]);

export type H2Opened =
  | { readonly connection: H2Connection }
  /** Why there is no HTTP/2, as it was seen. */
  | { readonly words: string };

export interface H2Exchange {
  readonly answer: H2Answer;
  /** The WebSocket, when the answer is a 2xx. */
  readonly end: WebSocketEnd | null;
}

interface Asking {
  /** A Sec-WebSocket-Key, which RFC 8441 has no use for; absent for none. */
  readonly key?: string;
  readonly timeoutMs?: number;
}

/** Connects, and waits for the other side's SETTINGS. */
export async function openH2(target: ProbeTarget): Promise<H2Opened> {
  const opened = await openSocket(target, {
    timeoutMs: settingsLimitMs,
    alpn: ["h2", "http/1.1"],
    allowHalfOpen: false,
  });
  if (!("socket" in opened)) return { words: answerWords(opened) };
  const { socket } = opened;
  if (socket instanceof TLSSocket && socket.alpnProtocol !== "h2") {
    socket.destroy();
    return { words: `of h2 and http/1.1 the proxy chose ${socket.alpnProtocol || "neither"} (ALPN)` };
  }
  const session = connect(originOf(target), {
    createConnection: () => socket,
    settings: { enablePush: false },
  });
  // As Chrome has it: one stream that is not read leaves room for the others.
  session.once("connect", () => session.setLocalWindowSize(connectionWindow));
  const settings = await settingsOf(session);
  if (settings !== null) return { connection: new H2Connection(session, { target, settings }) };
  session.destroy();
  return { words: "HTTP/2's preface is not answered with SETTINGS" };
}

function settingsOf(session: ClientHttp2Session): Promise<Settings | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), settingsLimitMs);
    const finish = (settings: Settings | null): void => {
      clearTimeout(timer);
      resolve(settings);
    };
    session.once("remoteSettings", finish);
    session.once("close", () => finish(null));
    // Told by the close that follows; without a listener Node would crash.
    session.on("error", () => undefined);
  });
}

function originOf({ tls, hostHeader }: ProbeTarget): string {
  return `${tls ? "https" : "http"}://${hostHeader}`;
}

export class H2Connection {
  /** Whether WebSockets are: SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441, 3). */
  readonly isAnnounced: boolean;
  /** Streams that may be open at once; null for no limit. */
  readonly streamsMost: number | null;
  /** The first GOAWAY: streams that are open go on, new ones need another connection (RFC 9113, 6.8). */
  goAway: { readonly atMs: number; readonly code: string } | null = null;
  readonly #session: ClientHttp2Session;
  readonly #target: ProbeTarget;

  constructor(
    session: ClientHttp2Session,
    { target, settings }: { readonly target: ProbeTarget; readonly settings: Settings },
  ) {
    this.#session = session;
    this.#target = target;
    this.isAnnounced = settings.enableConnectProtocol === true;
    const { maxConcurrentStreams: most = unlimited } = settings;
    this.streamsMost = most >= unlimited ? null : most;
    session.on("goaway", (code: number) => {
      this.goAway ??= { atMs: performance.now(), code: errorNameOf(code) };
    });
  }

  /** Asks for a WebSocket, as a browser does. */
  async webSocket({ key, timeoutMs = answerLimitMs }: Asking = {}): Promise<H2Exchange> {
    const stream = this.#request({
      ":method": "CONNECT",
      ":protocol": "websocket",
      "sec-websocket-version": "13",
      origin: this.#target.origin,
      ...(key === undefined ? {} : { "sec-websocket-key": key }),
    });
    if (stream === null) return { answer: { kind: "ended" }, end: null };
    const answer = await this.#answer(stream, timeoutMs);
    const isOpen = answer.kind === "answered" && answer.status >= 200 && answer.status < 300;
    if (!isOpen) {
      stream.destroy();
      return { answer, end: null };
    }
    const { tally } = this.#target;
    return {
      answer,
      end: new WebSocketEnd(stream, { role: "client", habits: quietHabits, head: Buffer.alloc(0), tally }),
    };
  }

  /** Asks for a page at the same path. */
  async page(timeoutMs = answerLimitMs): Promise<H2Answer> {
    const stream = this.#request({ ":method": "GET" });
    if (stream === null) return { kind: "ended" };
    const answer = await this.#answer(stream, timeoutMs);
    stream.destroy();
    return answer;
  }

  destroy(): void {
    this.#session.destroy();
  }

  /** Null where the connection takes no more of them. */
  #request(fields: OutgoingHttpHeaders): ClientHttp2Stream | null {
    const { tls, path, hostHeader, headers } = this.#target;
    if (this.#session.destroyed || this.#session.closed) return null;
    const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    const stream = this.#session.request(
      {
        ":scheme": tls ? "https" : "http",
        ":path": path,
        ":authority": hostHeader,
        "user-agent": offered.userAgent,
        ...fields,
        ...Object.fromEntries(own.filter(([name]) => !unfit.has(name))),
      },
      { endStream: fields[":method"] === "GET" },
    );
    stream.on("error", () => undefined);
    return stream;
  }

  #answer(stream: ClientHttp2Stream, timeoutMs: number): Promise<H2Answer> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ kind: "timeout" }), timeoutMs);
      const finish = (answer: H2Answer): void => {
        clearTimeout(timer);
        resolve(answer);
      };
      stream.once("response", (headers) => finish(answeredBy(headers)));
      stream.once("close", () =>
        finish(
          this.#session.destroyed || stream.rstCode === undefined
            ? { kind: "ended" }
            : { kind: "reset", code: errorNameOf(stream.rstCode) },
        ),
      );
    });
  }
}
