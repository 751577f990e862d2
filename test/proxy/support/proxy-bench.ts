/**
 * What a test of a proxy needs around it: a private folder, a process guard, an echo server behind, a client in front.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { WebSocket, WebSocketServer } from "ws";
import { createProcessGuard } from "#wsrally/base/owned-process.js";
import { createWorkspace } from "#wsrally/base/workspace.js";
import { prepareProxy } from "#wsrally/proxy/prepare-proxy.js";
import type { PreparedProxy, ProxyEndpoint, ProxySetting } from "#wsrally/proxy/proxy.js";

export interface ProxyBench {
  readonly setting: ProxySetting;
  /** Prepares an nginx arm: the built-in config, or one of the fixtures. */
  nginx(
    set?: Readonly<Record<string, string>>,
    fixture?: string,
    asked?: Partial<ProxySetting>,
  ): Promise<PreparedProxy>;
}

export const never = new AbortController().signal;

/** The path of a fixture, from the working directory as a user would give it. */
export function fixturePath(name: string): string {
  return fileURLToPath(new URL(`../../../test/proxy/nginx/fixtures/${name}`, import.meta.url));
}

/** Runs a test with its surroundings, and clears them away whatever happens. */
export async function withBench<Result>(test: (bench: ProxyBench) => Promise<Result>): Promise<Result> {
  const workspace = await createWorkspace();
  const guard = createProcessGuard(workspace.path);
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  server.on("connection", (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  const setting: ProxySetting = {
    backend: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
    connections: 100,
    path: null,
    serverName: null,
    host: null,
    folder: workspace.path,
    guard,
  };
  try {
    return await test({
      setting,
      nginx: (set = {}, fixture, asked = {}) =>
        prepareProxy(
          fixture === undefined
            ? { kind: "proxy", proxy: "nginx", configFile: null }
            : { kind: "proxy", proxy: "nginx", configFile: fixturePath(fixture), confinedTo: null },
          set,
          { ...setting, ...asked },
          never,
        ),
    });
  } finally {
    for (const socket of server.clients) socket.terminate();
    server.close();
    await workspace.remove();
    guard.release();
  }
}

/** Opens one WebSocket through a proxy, sends each text, and hands back what came for it. */
export async function echoes(
  endpoint: ProxyEndpoint,
  texts: readonly string[],
  path = "/sock",
  host: string | null = null,
): Promise<string[]> {
  const scheme = endpoint.tls ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${endpoint.host}:${endpoint.port}${path}`, {
    ...(endpoint.caPem === null ? {} : { ca: endpoint.caPem }),
    ...(host === null ? {} : { headers: { Host: host }, servername: host }),
  });
  await once(socket, "open");
  const replies: string[] = [];
  for (const text of texts) {
    socket.send(text);
    const [data] = await once(socket, "message");
    replies.push(String(data));
  }
  socket.close();
  await once(socket, "close");
  return replies;
}

/** False for a process that has ended, even if nobody has collected it yet. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== "linux") return true;
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat[stat.lastIndexOf(")") + 2] !== "Z";
  } catch {
    // No such process.
    return false;
  }
}

/** Waits until it holds; gives up after far more time than it can take. */
export async function eventually(condition: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 1000; tries++) {
    if (condition()) return true;
    await sleep(10);
  }
  return condition();
}
