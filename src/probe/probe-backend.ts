/**
 * The backend behind the arm, in the probe's own process: keeps every request exactly as it came, and answers as it
 * is told to.
 */
import { createServer, type Socket } from "node:net";
import type { BackendAddress } from "../proxy/proxy.js";
import { makeRunCertificate } from "../proxy/run-certificate.js";
import { acceptFor } from "../websocket/accept-key.js";
import { carriesToken } from "../websocket/run-token.js";
import { buildPage } from "../websocket/server-response.js";
import { type RequestReading, UpgradeRequestReader } from "../websocket/upgrade-request-reader.js";
import type { BackendExchange, BackendManners } from "./backend-exchange.js";
import { receiveH2, serveH2 } from "./h2-backend.js";
import { anyPort, listen, listenAll } from "./listen.js";
import type { ProbeBehind } from "./probe-behind.js";
import { secureServer, tlsOf } from "./secure-server.js";
import { quietHabits, WebSocketEnd } from "./websocket-end.js";

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
  /** Every request so far; where a token is asked for, those with it. */
  readonly exchanges: readonly BackendExchange[];
  /** Requests without the token that is asked for. */
  readonly others: () => number;
  /** TLS handshakes that failed, in OpenSSL's words. */
  readonly tlsFailures: readonly string[];
  /** Connections that are open now. */
  readonly open: () => number;
  /** Waits for a request after the first `count`. @returns null when none comes in time */
  after(count: number, timeoutMs: number): Promise<BackendExchange | null>;
  stop(): Promise<void>;
}

const homePage = "<!doctype html><title>Home</title><p>The home page of the backend.</p>\n";

/**
 * @param tlsNames what the config may look for in its upstream's certificate; null where it speaks no TLS to it
 * @param behind where somebody else's proxy looks for it; null for a port of its own
 * @throws EnvironmentError when it cannot listen there
 */
export async function startProbeBackend(
  tlsNames: readonly string[] | null = null,
  behind: ProbeBehind | null = null,
): Promise<ProbeBackend> {
  const sockets = new Set<Socket>();
  const exchanges: BackendExchange[] = [];
  const tlsFailures: string[] = [];
  const waiting = new Set<() => void>();
  let others = 0;
  const backend = { manners: plainManners };
  const accept = (socket: Socket, tls: BackendExchange["tls"], transport: Socket | null): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    receive({ socket, transport }, { backend, token: behind?.token ?? null }, (exchange) => {
      if (exchange === null) others++;
      else exchanges.push({ ...exchange, tls });
      for (const wake of [...waiting]) wake();
    });
  };
  const plain = (behind?.addresses ?? [anyPort]).map((address) => ({
    address,
    server: createServer({ noDelay: true, allowHalfOpen: true }, (socket) => accept(socket, null, null)),
  }));
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
  const ports = await listenAll(plain);
  const overTls =
    secure === null || certificate === null
      ? {}
      : { overTls: { port: await listen(secure, anyPort), caPem: certificate.caPem } };
  return Object.assign(backend, {
    address: { host: "127.0.0.1", port: ports[0] ?? 0, ...overTls },
    exchanges,
    others: () => others,
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
      const servers = [...plain.map(({ server }) => server), ...(secure === null ? [] : [secure])];
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  });
}

interface Connection {
  readonly socket: Socket;
  /** The TCP connection below a TLS one. */
  readonly transport: Socket | null;
}

interface Receiving {
  readonly backend: { readonly manners: BackendManners };
  readonly token: string | null;
}

/** @param note told null of a request without the token */
function receive(
  { socket, transport }: Connection,
  { backend, token }: Receiving,
  note: (exchange: Omit<BackendExchange, "tls"> | null) => void,
): void {
  const reader = new UpgradeRequestReader();
  const onData = (data: Buffer): void => {
    const reading = reader.read(data, 0, data.length);
    if (reading.kind === "incomplete") return;
    socket.off("data", onData);
    if (reading.kind === "http2") {
      const rawHead = data.toString("latin1", 0, reading.restAt);
      serveH2(socket, data, {
        asked: (asked) => {
          const seen = receiveH2(asked, backend.manners, token);
          note(seen === null ? null : { ...seen, socket });
        },
        unasked: () => note({ kind: "refused", request: null, rawHead, socket, end: null }),
      });
      return;
    }
    if (token !== null && (reading.request === null || !carriesToken(reading.request, token))) {
      // A health check finds somebody; who wants a WebSocket is to come back later.
      answerOthers(socket, reading.kind);
      note(null);
      return;
    }
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
  reading: Exclude<RequestReading, { kind: "incomplete" | "http2" }>,
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

function answerOthers(socket: Socket, kind: BackendExchange["kind"]): void {
  socket.end(buildPage({ status: kind === "plain" ? 200 : 503, contentType: "text/plain", body: "\n" }));
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
