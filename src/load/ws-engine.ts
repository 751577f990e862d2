/**
 * The portable engine, on the `ws` package: the reference for every other.
 */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type ClientOptions, type RawData, WebSocket } from "ws";
import { monotonicClock } from "../base/clock.js";
import { createNodeTimers } from "../base/timers.js";
import { fillText } from "../websocket/filled-text.js";
import { answerPings, wsFragmentsMax } from "../websocket/ws-limits.js";
import { classifyError, endedBare, peerClosed, unansweredWithin } from "./classify-error.js";
import {
  type ConnectionFault,
  type Engine,
  type EngineSettings,
  messageBytesMax,
  type OpeningTimes,
  type TlsAgreement,
} from "./engine.js";
import { FairTurns } from "./fair-turns.js";
import type { Target } from "./messages.js";
import { readRefusalBody } from "./refusal-body.js";
import { rowOf } from "./rows.js";
import { acceptNoSubprotocol, headersOf } from "./ws-handshake.js";

/** What ws says in place of a code that came (RFC 6455, 7.1.5). */
const closedWithoutCode = 1005;
const endedWithoutFrame = 1006;
/** How long the other side may leave its stream open behind the closing handshake. */
const closeTimeoutMs = 1000;

/** When the socket under a WebSocket reached each step, 0 until then; and how it broke, which ws keeps to itself. */
interface Steps {
  startNs: number;
  connectedNs: number;
  securedNs: number;
  tls: TlsAgreement | null;
  error: Error | null;
}

interface WsEngineSettings extends EngineSettings {
  /** Waits for the body of a refusal, and tells it; not under load, where it would take time. */
  readonly readsRefusals?: boolean;
}

export function createWsEngine(settings: WsEngineSettings): Engine {
  const { target, sources, handshakeTimeoutMs, events, readsRefusals = false } = settings;
  const sockets = new Map<number, WebSocket>();
  const sessions: Sessions = { first: null };
  const turns = new FairTurns();
  const bytesMax = settings.replyBytesMax ?? messageBytesMax;
  const sizes = { maxPayload: bytesMax, maxFragments: wsFragmentsMax(bytesMax) };

  const open = (connection: number): void => {
    const steps: Steps = {
      startNs: monotonicClock.now(),
      connectedNs: 0,
      securedNs: 0,
      tls: null,
      error: null,
    };
    const port = target.ports[connection % target.ports.length] as number;
    const localAddress = sources[connection % sources.length];
    const route = { port, ...(localAddress === undefined ? {} : { localAddress }) };
    const row = rowOf(target.rows, connection);
    const socket = new WebSocket(urlOf(target, port, row), [...target.subprotocols], {
      ...clientOptions(target, route, steps, sessions),
      headers: { Host: target.hostHeader, ...headersOf(target, row) },
      ...sizes,
    });
    acceptNoSubprotocol(socket, target);
    let fault: ConnectionFault | null = null;
    let isOpen = false;
    // ws's own limit begins anew with every byte that comes.
    const deadline = setTimeout(() => {
      fault ??= unansweredWithin(handshakeTimeoutMs);
      socket.terminate();
    }, handshakeTimeoutMs);
    sockets.set(connection, socket);
    socket.binaryType = "nodebuffer";
    answerPings(socket, true);
    socket.on("unexpected-response", (_request, response) => {
      const status = response.statusCode ?? 0;
      const detail = `HTTP ${status} ${response.statusMessage ?? ""}`.trim();
      const refused = (body: string | null): void => {
        clearTimeout(deadline);
        if (sockets.get(connection) !== socket) return;
        // ws leaves the end of such a connection to its user, and tells nothing more of it once it is terminated here.
        sockets.delete(connection);
        socket.terminate();
        const said = body === null ? {} : { body };
        events.failed(connection, { kind: "upgrade-status", code: status, detail, ...said });
      };
      if (readsRefusals) void readRefusalBody(response).then(refused);
      else refused(null);
    });
    socket.on("open", () => {
      clearTimeout(deadline);
      isOpen = true;
      events.opened(connection, openingTimes(target, steps));
    });
    socket.on("ping", () => turns.took(socket));
    socket.on("message", (data: RawData, isBinary: boolean) => {
      turns.took(socket);
      const message = data as Buffer;
      events.message(connection, message, 0, message.length, isBinary, Number.NaN);
    });
    socket.on("pong", () => {
      turns.took(socket);
      events.pong();
    });
    socket.on("error", (error) => {
      fault ??= classifyError(error, isOpen);
      // The close frame is out. ws would wait for the other side's, and till then nobody knows of the fault.
      if (isOpen) socket.terminate();
    });
    socket.on("close", (code, reason) => {
      clearTimeout(deadline);
      if (sockets.get(connection) !== socket) return;
      sockets.delete(connection);
      // A stream that breaks behind a close frame was not broken off: the other side need not wait for our answer.
      if (steps.error !== null && code === endedWithoutFrame) fault ??= classifyError(steps.error, isOpen);
      if (isOpen) events.closed(connection, fault ?? closeFault(code, reason));
      else
        events.failed(connection, fault ?? { kind: "eof", code: null, detail: "closed before the upgrade" });
    });
  };

  return {
    timers: createNodeTimers(),
    open,
    // It lives in the thread's own loop, where everybody has a turn, and sees no stamps.
    yieldSoon: () => undefined,
    tune: () => undefined,
    send(connection, data, binary) {
      const socket = sockets.get(connection);
      if (socket?.readyState !== WebSocket.OPEN) return false;
      // ws copies the bytes as it masks them, but compresses them later.
      socket.send(target.deflate ? Buffer.from(data) : data, { binary });
      return true;
    },
    ping(connection) {
      const socket = sockets.get(connection);
      if (socket?.readyState === WebSocket.OPEN) socket.ping();
    },
    close(connection) {
      sockets.get(connection)?.close(1000);
    },
    destroy() {
      const left = [...sockets.values()];
      sockets.clear();
      for (const socket of left) socket.terminate();
    },
  };
}

function urlOf({ tls, address, path }: Target, port: number, row: readonly string[]): string {
  const authority = address.includes(":") ? `[${address}]` : address;
  return `${tls ? "wss" : "ws"}://${authority}:${port}${fillText(path, row)}`;
}

/** The connection is made here, not by ws, so that each step's time is seen. */
function clientOptions(
  target: Target,
  route: { readonly port: number; readonly localAddress?: string },
  steps: Steps,
  sessions: Sessions,
): ClientOptions & { readonly closeTimeout: number } {
  const way = { ...route, host: target.address };
  return {
    perMessageDeflate: target.deflate,
    origin: target.origin,
    skipUTF8Validation: false,
    autoPong: false,
    closeTimeout: closeTimeoutMs,
    createConnection: () => {
      const socket = target.tls
        ? secure(connectTls({ ...way, ...tlsOptions(target, sessions) }), steps, sessions)
        : connectTcp(way);
      socket.once("connect", () => {
        steps.connectedNs = monotonicClock.now();
      });
      socket.once("error", (error) => {
        steps.error = error;
      });
      return socket as Socket;
    },
  };
}

/** Sessions to resume: the first that the server gave, where resumption was asked for. */
interface Sessions {
  first: Buffer | null;
}

function secure(socket: TLSSocket, steps: Steps, sessions: Sessions): TLSSocket {
  socket.once("secureConnect", () => {
    steps.securedNs = monotonicClock.now();
    steps.tls = {
      version: socket.getProtocol() ?? "",
      cipher: socket.getCipher().standardName,
      isResumed: socket.isSessionReused(),
    };
  });
  socket.on("session", (session) => {
    sessions.first ??= session;
  });
  return socket;
}

function tlsOptions(target: Target, { first }: Sessions): object {
  const name = target.hostHeader.replace(/:\d+$/, "");
  return {
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: !target.insecure,
    // An address is no server name (RFC 6066, 3).
    ...(/^[\d.]+$|^\[/.test(name) ? {} : { servername: name }),
    ...(target.caPem === null ? {} : { ca: target.caPem }),
    ...(target.resume && first !== null ? { session: first } : {}),
  };
}

function openingTimes(target: Target, { startNs, connectedNs, securedNs, tls }: Steps): OpeningTimes {
  const readyNs = target.tls ? securedNs : connectedNs;
  return {
    connectNs: connectedNs - startNs,
    tlsNs: target.tls ? securedNs - connectedNs : null,
    upgradeNs: monotonicClock.now() - readyNs,
    tls,
  };
}

function closeFault(code: number, reason: Buffer): ConnectionFault {
  if (code === endedWithoutFrame) return endedBare;
  return peerClosed(code === closedWithoutCode ? null : code, reason.toString("utf8"));
}
