/**
 * What a test of one proxy needs around it: the program, a private folder, a backend that notes what arrives, and a client
 * that sends what it is told.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { createWorkspace } from "#wsrally/base/workspace.js";
import type { PrepareRequest, ProxyDriver } from "#wsrally/proxy/driver.js";
import { findProgram } from "#wsrally/proxy/program/find-program.js";
import { installProgram } from "#wsrally/proxy/program/install-program.js";
import type { PreparedProxy, RunningProxy } from "#wsrally/proxy/proxy.js";

export interface Seen {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
}

export interface UpgradeBench {
  prepare(source: PrepareRequest["source"], asked?: Partial<PrepareRequest>): Promise<PreparedProxy>;
  /** What reached the backend since the last look. */
  takeSeen(): Seen | null;
}

export const never = new AbortController().signal;

/** Runs a test with its surroundings, and clears them away whatever happens. */
export async function withUpgrades(
  driver: ProxyDriver,
  test: (bench: UpgradeBench) => Promise<void>,
): Promise<void> {
  // From PATH, a variable, or the cache folder, which it is fetched into where there is none.
  await findProgram(driver.program).catch(() => installProgram(driver.program));
  const workspace = await createWorkspace();
  const guard = createProcessGuard(workspace.path);
  let seen: Seen | null = null;
  const server = createServer((request, response) => {
    seen = { url: request.url ?? "", headers: request.headers };
    response.writeHead(426, { "Content-Length": 0 }).end();
  });
  server.on("upgrade", (request, socket) => {
    seen = { url: request.url ?? "", headers: request.headers };
    const key = request.headers["sec-websocket-key"];
    if (key === undefined) {
      socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    const protocol = request.headers["sec-websocket-protocol"];
    const chosen = protocol === undefined ? "" : `Sec-WebSocket-Protocol: ${protocol}\r\n`;
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${chosen}\r\n`,
    );
    socket.on("data", (data) => socket.write(data));
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const request = {
    backend: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    connections: 100,
    path: null,
    serverName: null,
    host: null,
    access: "kept",
    upstream: "ours",
    confinedTo: null,
    variant: null,
    isPlaced: false,
    folder: workspace.path,
    guard,
    signal: never,
  } as const;
  try {
    await test({
      prepare: (source, asked = {}) => driver.prepare({ ...request, source, ...asked }),
      takeSeen() {
        const last = seen;
        seen = null;
        return last;
      },
    });
  } finally {
    server.closeAllConnections();
    server.close();
    await workspace.remove();
    guard.release();
  }
}

export interface Upgraded {
  /** Of the answer; null for none. */
  readonly status: number | null;
  readonly how: "answered" | "closed" | "reset" | "timeout";
  readonly head: string;
  /** Resolves when the connection is over. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Asks for a WebSocket as a browser does, over plain TCP; what comes of it. */
export function upgrade(
  { endpoint }: Pick<RunningProxy, "endpoint">,
  path: string,
  host: string,
  limitMs = 6000,
): Promise<Upgraded> {
  const socket = connect(endpoint.port, endpoint.host);
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  let head = "";
  return new Promise((resolve) => {
    const settle = (how: Upgraded["how"]): void => {
      clearTimeout(timer);
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0) || null;
      resolve({
        status,
        how: status === null ? how : "answered",
        head,
        ended,
        close: () => socket.destroy(),
      });
    };
    const timer = setTimeout(() => settle("timeout"), limitMs);
    socket.on("data", (data) => {
      head += data.toString("latin1");
      if (head.includes("\r\n\r\n")) settle("answered");
    });
    socket.once("error", () => settle("reset"));
    socket.once("end", () => {
      settle("closed");
      socket.end();
    });
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nOrigin: http://${host}\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
    );
  });
}
