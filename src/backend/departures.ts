/**
 * How the epoll server's connections end: in order when all has been said, at once, or for somebody took too long.
 */
import type { Timers } from "../base/timers.js";
import { closeDescriptor } from "../linux/close-descriptor.js";
import { setResetOnClose } from "../linux/socket-options.js";
import { shutdownWriting } from "../linux/tcp-socket.js";
import type { Audience } from "./audience.js";
import type { Connection } from "./connection.js";
import type { Connections } from "./connections.js";
import { Deadlines } from "./deadlines.js";
import type { Output } from "./output.js";

/** As long as Node's http server waits for a request's head. */
const requestNs = 60e9;
/** As long as `ws` waits for the other side to close. */
const closeNs = 30e9;

interface DeparturesSettings {
  readonly timers: Timers;
  readonly connections: Connections;
  readonly output: Output;
  readonly audienceOf: (connection: Connection) => Audience;
  /** Whose those are that have not asked for anything. */
  readonly strangers: Audience;
  /** Those that a socket carries. */
  readonly streamsOf: (socket: Connection) => readonly Connection[];
}

export class Departures {
  readonly #settings: DeparturesSettings;
  readonly #requests: Deadlines<Connection>;
  readonly #closings: Deadlines<Connection>;

  constructor(settings: DeparturesSettings) {
    this.#settings = settings;
    this.#requests = new Deadlines(settings.timers, requestNs, (connection) => {
      settings.strangers.handshakes.unanswered++;
      this.release(connection);
    });
    this.#closings = new Deadlines(settings.timers, closeNs, (connection) => this.release(connection));
  }

  /** Its request is to come in time. */
  expectRequest(connection: Connection): void {
    this.#requests.add(connection);
  }

  hasAsked(connection: Connection): void {
    this.#requests.remove(connection);
  }

  /** It is broken, or to be broken. */
  breakOff(connection: Connection): void {
    const { audienceOf, streamsOf } = this.#settings;
    for (const stream of streamsOf(connection)) this.breakOff(stream);
    if (connection.phase === "resetting" && connection.carried === null) setResetOnClose(connection.fd);
    if (connection.phase === "open") audienceOf(connection).answers.peerBroke(connection);
    this.release(connection);
  }

  /** Ends our side as soon as all has gone out. @returns whether the connection is still there */
  finish(connection: Connection): boolean {
    this.#closings.add(connection);
    if (connection.unsent !== null) return true;
    // Closing at once could cost the peer our last words: RST follows when it sends any more (RFC 9112, 9.6).
    const isOver = !this.#endOwn(connection) || connection.hasPeerEnded;
    if (isOver) this.release(connection);
    else if (connection.phase === "ending") connection.phase = "lingering";
    return connection.phase !== "closed";
  }

  /** Without another word; safe to call twice. */
  release(connection: Connection): void {
    if (connection.phase === "closed") return;
    const { connections, output, audienceOf, streamsOf } = this.#settings;
    const { fd, carried, number } = connection;
    connection.session?.stop();
    for (const stream of streamsOf(connection)) this.release(stream);
    connection.phase = "closed";
    connection.backlog = null;
    const audience = audienceOf(connection);
    if (connection.isUpgraded) audience.open--;
    this.#requests.remove(connection);
    this.#closings.remove(connection);
    connections.remove(connection);
    audience.decoder.forget(number);
    if (carried === null) closeDescriptor(fd);
    else {
      carried.session.reset(carried.stream, "CANCEL");
      output.push(connection);
    }
  }

  /** @returns whether the peer can tell */
  #endOwn(connection: Connection): boolean {
    const { carried, fd, hasPeerEnded } = connection;
    if (carried === null) return !hasPeerEnded && shutdownWriting(fd) >= 0;
    carried.session.finish(carried.stream);
    this.#settings.output.push(connection);
    return true;
  }
}
