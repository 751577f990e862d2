/**
 * The pong server: answers the text `ping` with `pong`, echoes everything else, and counts what passes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { homePage } from "./home-page.js";

export interface PongServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Path that upgrades; null upgrades on every path, for proxies that change it on purpose. */
  readonly path: string | null;
  /** Ends each connection after one answer, without a close frame, as a naive handler does that just returns. */
  readonly once: boolean;
  /** Accepts permessage-deflate where the client offers it. */
  readonly deflate: boolean;
}

/** What the server has seen since it started, or since the last reset. */
export interface BackendCounts {
  readonly upgrades: number;
  /** Upgrade requests answered with something else than 101. */
  readonly refusedUpgrades: number;
  readonly open: number;
  readonly messagesReceived: number;
  readonly messagesSent: number;
}

export interface PongServer {
  readonly host: string;
  readonly port: number;
  counts(): BackendCounts;
  resetCounts(): void;
  close(): Promise<void>;
}

const zeroCounts = { upgrades: 0, refusedUpgrades: 0, messagesReceived: 0, messagesSent: 0 };

/** @throws the system's error (`EADDRINUSE`, `EACCES` …) when the address cannot be listened on */
export async function startPongServer(options: PongServerOptions): Promise<PongServer> {
  const counts = { ...zeroCounts };
  const http = createServer((request, response) => answerPlainRequest(request, response, options.path));
  const websockets = new WebSocketServer({ noServer: true, perMessageDeflate: options.deflate });

  http.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const path = request.url?.split("?", 1)[0];
    if (options.path !== null && path !== options.path) {
      counts.refusedUpgrades++;
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    websockets.handleUpgrade(request, socket, head, (websocket) => {
      counts.upgrades++;
      serve(websocket, options.once ? () => socket.end() : null);
    });
  });

  const serve = (websocket: WebSocket, endAfterAnswer: (() => void) | null): void => {
    websocket.on("message", (data: RawData, isBinary: boolean) => {
      counts.messagesReceived++;
      const message = data as Buffer;
      counts.messagesSent++;
      if (!isBinary && isPing(message)) websocket.send("pong");
      else websocket.send(message, { binary: isBinary });
      endAfterAnswer?.();
    });
    // A client that breaks the protocol or resets ends its own connection; ws has already closed it.
    websocket.on("error", () => websocket.terminate());
  };

  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen({ host: options.host, port: options.port, backlog: 4096 }, resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    host: options.host,
    port,
    counts: () => ({ ...counts, open: websockets.clients.size }),
    resetCounts() {
      Object.assign(counts, zeroCounts);
    },
    close: () =>
      new Promise((resolve) => {
        for (const websocket of websockets.clients) websocket.terminate();
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  };
}

function isPing(message: Buffer): boolean {
  return message.length === 4 && message.readUInt32BE(0) === 0x70696e67;
}

/** The home page at `/`; the WebSocket's own path asked for without an upgrade says what is missing (RFC 9110, 15.5.22). */
function answerPlainRequest(request: IncomingMessage, response: ServerResponse, path: string | null): void {
  const asked = request.url?.split("?", 1)[0];
  if (asked === "/") {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(homePage(path ?? "/sock"));
  } else if (path === null || asked === path) {
    response
      .writeHead(426, {
        Upgrade: "websocket",
        Connection: "Upgrade",
        "Content-Type": "text/plain; charset=utf-8",
      })
      .end("This is a WebSocket: the request came without Upgrade: websocket.\n");
  } else {
    response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" }).end("Not found.\n");
  }
}
