/**
 * The backend behind the arm, in the probe's own process: keeps every request exactly as it came, and answers as it
 * is told to.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { messageOf } from "../base/errors.js";
import { plainWords } from "../base/plain-words.js";
import type { BackendAddress } from "../proxy/proxy.js";
import { makeRunCertificate, type RunCertificate } from "../proxy/run-certificate.js";
import { acceptFor } from "../websocket/accept-key.js";
import type { HeaderField } from "../websocket/header-fields.js";
import { buildPage } from "../websocket/server-response.js";
import {
  type ReceivedRequest,
  type RequestReading,
  UpgradeRequestReader,
} from "../websocket/upgrade-request-reader.js";
import { type EndHabits, quietHabits, WebSocketEnd } from "./websocket-end.js";

/** A request as the backend got it, and what became of it. */
export interface BackendExchange {
  readonly kind: Exclude<RequestReading["kind"], "incomplete">;
  /** Null when it could not even be read as HTTP. */
  readonly request: ReceivedRequest | null;
  /** The head as it came, in Latin-1. */
  readonly rawHead: string;
  /** The WebSocket, when the upgrade was accepted. */
  readonly end: WebSocketEnd | null;
  readonly socket: Socket;
  /** Null for a plain connection. */
  readonly tls: { readonly serverName: string | null; readonly protocol: string | null } | null;
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

export const plainManners: BackendManners = {
  fields: [],
  takesSubprotocol: true,
  onlyPath: null,
  habits: quietHabits,
  refusesWith: null,
};

export interface ProbeBackend {
  readonly address: BackendAddress;
  manners: BackendManners;
  /** Every request so far. */
  readonly exchanges: readonly BackendExchange[];
  /** TLS handshakes that failed, in OpenSSL's words. */
  readonly tlsFailures: readonly string[];
  /** Connections that are open now. */
  readonly open: () => number;
  /** Waits for a request after the first `count`. @returns null when none comes in time */
  after(count: number, timeoutMs: number): Promise<BackendExchange | null>;
  stop(): Promise<void>;
}

const homePage = "<!doctype html><title>Home</title><p>The home page of the backend.</p>\n";

/** @param tlsNames what the config may look for in its upstream's certificate; null where it speaks no TLS to it */
export async function startProbeBackend(tlsNames: readonly string[] | null = null): Promise<ProbeBackend> {
  const sockets = new Set<Socket>();
  const exchanges: BackendExchange[] = [];
  const tlsFailures: string[] = [];
  const waiting = new Set<() => void>();
  const backend = { manners: plainManners };
  const accept = (socket: Socket, tls: BackendExchange["tls"], transport: Socket | null): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    receive({ socket, transport }, backend, (exchange) => {
      exchanges.push({ ...exchange, tls });
      for (const wake of [...waiting]) wake();
    });
  };
  const plain = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => accept(socket, null, null));
  const certificate =
    tlsNames === null ? null : await makeRunCertificate({ kind: "ec", curve: "P-256" }, tlsNames);
  const secure =
    certificate === null
      ? null
      : createServer({ noDelay: true, allowHalfOpen: true }, (transport) =>
          secureServer(certificate, transport, {
            opened: (socket) => accept(socket, tlsOf(socket), transport),
            failed: (words) => tlsFailures.push(words),
          }),
        );
  const port = await listen(plain);
  const overTls =
    secure === null || certificate === null
      ? {}
      : { overTls: { port: await listen(secure), caPem: certificate.caPem } };
  return Object.assign(backend, {
    address: { host: "127.0.0.1", port, ...overTls },
    exchanges,
    tlsFailures,
    open: () => sockets.size,
    after: (count: number, timeoutMs: number) =>
      new Promise<BackendExchange | null>((resolve) => {
        const look = (): void => {
          if (exchanges.length > count) finish();
        };
        const finish = (): void => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(exchanges[count] ?? null);
        };
        const timer = setTimeout(finish, timeoutMs);
        waiting.add(look);
        look();
      }),
    stop: async () => {
      const servers = [plain, ...(secure === null ? [] : [secure])];
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  });
}

interface TlsEvents {
  opened(socket: TLSSocket): void;
  failed(words: string): void;
}

function secureServer(
  { certificatePem: cert, keyPem: key }: RunCertificate,
  transport: Socket,
  { opened, failed }: TlsEvents,
): void {
  const socket = new TLSSocket(transport, {
    isServer: true,
    secureContext: createSecureContext({ cert, key }),
  });
  const onError = (error: Error): void => {
    failed(plainWords(messageOf(error)));
    transport.destroy();
  };
  transport.on("error", () => transport.destroy());
  socket.once("error", onError);
  socket.once("secure", () => {
    socket.off("error", onError);
    opened(socket);
  });
}

async function listen(server: Server): Promise<number> {
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function tlsOf(socket: TLSSocket): BackendExchange["tls"] {
  // Node types it as text alone; without SNI it is false.
  const name: string | false | null | undefined = socket.servername;
  return { serverName: name ? name : null, protocol: socket.getProtocol() };
}

interface Connection {
  readonly socket: Socket;
  /** The TCP connection below a TLS one. */
  readonly transport: Socket | null;
}

function receive(
  { socket, transport }: Connection,
  backend: { readonly manners: BackendManners },
  note: (exchange: Omit<BackendExchange, "tls">) => void,
): void {
  const reader = new UpgradeRequestReader();
  const onData = (data: Buffer): void => {
    const reading = reader.read(data, 0, data.length);
    if (reading.kind === "incomplete") return;
    socket.off("data", onData);
    const raw = reading.kind === "refused" ? reading.raw : reading.request.raw;
    const seen = { kind: reading.kind, request: reading.request, rawHead: raw.toString("latin1"), socket };
    note({ ...seen, end: answer({ socket, transport }, reading, data, backend.manners) });
  };
  socket.on("data", onData);
  // A reset is what some checks ask for; an open WebSocket notes it for itself.
  socket.on("error", () => socket.destroy());
  socket.on("end", () => {
    if (socket.listenerCount("data") === 0) socket.end();
  });
}

function answer(
  { socket, transport }: Connection,
  reading: Exclude<RequestReading, { kind: "incomplete" }>,
  data: Buffer,
  manners: BackendManners,
): WebSocketEnd | null {
  const path = reading.request?.path ?? "";
  if (manners.refusesWith !== null) {
    socket.end(`HTTP/1.1 ${manners.refusesWith} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    return null;
  }
  const isHere = manners.onlyPath === null || path === manners.onlyPath;
  if (reading.kind === "upgrade" && isHere) {
    socket.write(acceptance(reading.key, reading.subprotocols, manners));
    return new WebSocketEnd(socket, {
      role: "server",
      habits: manners.habits,
      head: data.subarray(reading.framesAt),
      transport,
    });
  }
  // As a real one would: its home page for any request of `/`, the WebSocket's own path only for an upgrade.
  const isHome = reading.kind !== "refused" && path === "/";
  const isSocketPath =
    isHere && reading.request?.fields.some(({ name }) => /^sec-websocket-key$/i.test(name));
  const status = isHome ? 200 : reading.kind === "refused" ? reading.status : isSocketPath ? 426 : 404;
  const body = status === 200 ? homePage : `${status}\n`;
  socket.end(buildPage({ status, contentType: status === 200 ? "text/html" : "text/plain", body }));
  return null;
}

function acceptance(key: string, offered: readonly string[], manners: BackendManners): Buffer {
  const [first] = offered;
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${acceptFor(key)}`,
    ...(manners.takesSubprotocol && first !== undefined ? [`Sec-WebSocket-Protocol: ${first}`] : []),
    ...manners.fields.map(({ name, value }) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
