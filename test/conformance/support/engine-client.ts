/** One of the generator's engines as a client that echoes, one connection at a time. */
import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import { after, before } from "node:test";
import type { ConnectionFault, Engine } from "#wsrally/load/engine.js";
import type { EngineName } from "#wsrally/load/messages.js";
import { createEngines, targetAt } from "../../support/run-thread-alone.js";
import { contentOf } from "./case.js";
import { CaseServer } from "./case-server.js";

export class EngineClient {
  /** Messages, by what the engine's thread is told of them. */
  messages: (readonly [kind: "text" | "binary", content: string])[] = [];
  pongs = 0;
  /** How the connection ended; null while it is there. */
  fault: ConnectionFault | null = null;
  isOpen = false;
  readonly engine: Engine;
  readonly #connections = 7;
  #next = 0;

  constructor(name: EngineName, port: number) {
    this.engine = createEngines[name]({
      target: targetAt(port),
      connections: this.#connections,
      sources: [],
      handshakeTimeoutMs: 5000,
      busyPoll: false,
      events: {
        opened: () => {
          this.isOpen = true;
        },
        failed: (_connection, fault) => {
          this.fault = fault;
        },
        message: (connection, data, start, end, isBinary) => {
          const message = Buffer.from(data.subarray(start, end));
          if (!isBinary && !isUtf8(message)) return false;
          this.messages.push([isBinary ? "binary" : "text", contentOf(message)]);
          this.engine.send(connection, message, isBinary);
          return true;
        },
        pong: () => {
          this.pongs++;
        },
        closed: (_connection, fault) => {
          this.fault = fault;
        },
      },
    });
    // The server is in this very thread: it has a turn whenever there is nothing to do.
    this.engine.tune({ yieldEveryNs: 0, stampEvery: 1 });
  }

  /** Begins anew, on another connection. @returns its number */
  open(): number {
    this.messages = [];
    this.pongs = 0;
    this.fault = null;
    this.isOpen = false;
    this.#next = (this.#next + 1) % this.#connections;
    this.engine.open(this.#next);
    return this.#next;
  }
}

/** A server of bytes and an engine's client of it, for as long as the tests of a `describe` last. */
export function engineAndServer(name: EngineName): {
  readonly server: CaseServer;
  readonly client: EngineClient;
} {
  let server: CaseServer | null = null;
  let client: EngineClient | null = null;
  before(async () => {
    server = await CaseServer.start();
    client = new EngineClient(name, server.port);
  });
  after(async () => {
    client?.engine.destroy();
    await server?.close();
  });
  return {
    get server() {
      assert(server !== null);
      return server;
    },
    get client() {
      assert(client !== null);
      return client;
    },
  };
}
