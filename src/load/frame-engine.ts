/**
 * What the engines of our own have in common: a loop, connections on their way, connections that are open.
 */
import type { Timers } from "../base/timers.js";
import type { EventLoop } from "../linux/event-loop.js";
import { cutByUs } from "./classify-error.js";
import type { Engine, EngineTuning } from "./engine.js";
import type { FrameConnections } from "./frame-connections.js";
import type { Opening } from "./opening.js";

export abstract class FrameEngine implements Engine {
  protected abstract readonly loop: EventLoop;
  protected abstract readonly opening: Opening;
  protected abstract readonly connections: FrameConnections;

  abstract tune(tuning: EngineTuning): void;

  get timers(): Timers {
    return this.loop.timers;
  }

  yieldSoon(): void {
    this.loop.yieldSoon();
  }

  open(connection: number): void {
    this.opening.begin(connection);
  }

  send(connection: number, data: Buffer, binary: boolean): boolean {
    return this.connections.send(connection, data, binary);
  }

  ping(connection: number): void {
    this.connections.ping(connection);
  }

  close(connection: number): void {
    this.connections.close(connection);
  }

  drop(connection: number): void {
    this.connections.end(connection, cutByUs);
  }

  destroy(): void {
    this.loop.stop();
    this.opening.destroy();
    this.connections.destroy();
  }
}
