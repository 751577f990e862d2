/**
 * The portable engine, on the `ws` package: the reference for every other.
 */
import type { WebSocket } from "ws";
import { createNodeTimers } from "../base/timers.js";
import { wsFragmentsMax } from "../websocket/ws-limits.js";
import { cutByUs } from "./classify-error.js";
import { type Engine, type EngineSettings, messageBytesMax } from "./engine.js";
import { FairTurns } from "./fair-turns.js";
import { rowOf } from "./rows.js";
import { WsConnection } from "./ws-connection.js";

interface WsEngineSettings extends EngineSettings {
  /** Waits for the body of a refusal, and tells it; not under load, where it would take time. */
  readonly readsRefusals?: boolean;
}

export function createWsEngine(settings: WsEngineSettings): Engine {
  return new WsEngine(settings);
}

class WsEngine implements Engine {
  readonly timers = createNodeTimers();
  /** It lives in the thread's own loop, where everybody has a turn, and sees no stamps. */
  readonly yieldSoon = (): void => undefined;
  readonly tune = this.yieldSoon;
  readonly #settings: WsEngineSettings;
  readonly #common: ConstructorParameters<typeof WsConnection>[0];
  readonly #connections = new Map<number, WsConnection>();
  readonly #turns = new FairTurns(() => this.#sockets());

  constructor(settings: WsEngineSettings) {
    const { target, handshakeTimeoutMs, readsRefusals = false, replyBytesMax = messageBytesMax } = settings;
    this.#settings = settings;
    this.#common = {
      target,
      handshakeTimeoutMs,
      readsRefusals,
      sizes: { maxPayload: replyBytesMax, maxFragments: wsFragmentsMax(replyBytesMax) },
      sessions: { first: null },
    };
  }

  open(connection: number): void {
    const { target, sources, events } = this.#settings;
    const port = target.ports[connection % target.ports.length] as number;
    const localAddress = sources[connection % sources.length];
    const row = rowOf(target.rows, connection);
    const route = { port, row, ...(localAddress === undefined ? {} : { localAddress }) };
    const opened = new WsConnection(this.#common, route, {
      took: (socket) => this.#turns.took(socket),
      opened: (times) => events.opened(connection, times),
      message: (data, isBinary) => events.message(connection, data, 0, data.length, isBinary, Number.NaN),
      pong: () => events.pong(),
      failed: (fault) => {
        this.#connections.delete(connection);
        events.failed(connection, fault);
      },
      closed: (fault) => {
        this.#connections.delete(connection);
        events.closed(connection, fault, 0);
      },
    });
    this.#connections.set(connection, opened);
  }

  send(connection: number, data: Buffer, binary: boolean): boolean {
    return this.#connections.get(connection)?.send(data, binary) ?? false;
  }

  ping(connection: number): void {
    this.#connections.get(connection)?.ping();
  }

  close(connection: number): void {
    this.#connections.get(connection)?.close();
  }

  drop(connection: number): void {
    const dropped = this.#connections.get(connection);
    if (!this.#connections.delete(connection)) return;
    dropped?.drop();
    this.#settings.events.closed(connection, cutByUs, 0);
  }

  destroy(): void {
    const left = [...this.#connections.values()];
    this.#connections.clear();
    for (const connection of left) connection.drop();
  }

  *#sockets(): Iterable<WebSocket> {
    for (const { socket } of this.#connections.values()) yield socket;
  }
}
