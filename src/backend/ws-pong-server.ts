/**
 * The pong server on Node's own loop and the `ws` package: serves on every platform, and knows permessage-deflate.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { plainAnswer } from "./plain-answer.js";
import { listenBacklog, type PongServer, type PongServerOptions, portsOf } from "./pong-server.js";

const zeroCounts = { upgrades: 0, refusedUpgrades: 0, messagesReceived: 0, messagesSent: 0 };

/** @throws the system's error (`EADDRINUSE`, `EACCES` …) when the address cannot be listened on */
export async function startWsPongServer(options: PongServerOptions): Promise<PongServer> {
  const counts = { ...zeroCounts };
  const websockets = new WebSocketServer({ noServer: true, perMessageDeflate: options.deflate });

  const createHttp = (): Server => {
    const http = createServer((request, response) => {
      const { status, contentType, body } = plainAnswer(pathOf(request.url), options.path);
      const upgrade = status === 426 ? { Upgrade: "websocket", Connection: "Upgrade" } : {};
      response.writeHead(status, { ...upgrade, "Content-Type": contentType }).end(body);
    });
    http.on("upgrade", (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      if (options.path !== null && pathOf(request.url) !== options.path) {
        counts.refusedUpgrades++;
        socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      let isUpgraded = false;
      websockets.handleUpgrade(request, socket, head, (websocket) => {
        isUpgraded = true;
        counts.upgrades++;
        serve(websocket, options.once ? () => socket.end() : null);
      });
      // What is wrong with a request ws has answered by itself.
      if (!isUpgraded) counts.refusedUpgrades++;
    });
    return http;
  };

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

  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    for (const websocket of websockets.clients) websocket.terminate();
    await Promise.all(servers.map(closeServer));
  };
  try {
    for (const port of portsOf(options)) servers.push(await listen(createHttp(), options.host, port));
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  return {
    engine: "ws",
    host: options.host,
    port: ports[0] as number,
    ports,
    counts: () => ({ ...counts, open: websockets.clients.size, acceptFailures: null }),
    resetCounts() {
      Object.assign(counts, zeroCounts);
    },
    answerTimes: () => null,
    loop: () => null,
    close,
  };
}

function listen(server: Server, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: listenBacklog }, () => resolve(server));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}

function isPing(message: Buffer): boolean {
  return message.length === 4 && message.readUInt32BE(0) === 0x70696e67;
}

function pathOf(target: string | undefined): string {
  return target?.split("?", 1)[0] ?? "";
}
