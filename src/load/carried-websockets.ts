/**
 * The WebSockets of a thread over HTTP/2: each on a stream of one of the connections that carry them.
 */
import { ClientSession } from "../http2/client-session.js";
import type { Outlet } from "../http2/outlet.js";
import type { Stream } from "../http2/stream.js";
import { FrameEncoder, frameLength } from "../websocket/frame-encoder.js";
import type { HeaderField } from "../websocket/header-fields.js";
import type { Opcode } from "../websocket/opcode.js";
import { type Carrier, Carriers } from "./carriers.js";
import { cutByUs, endedBare } from "./classify-error.js";
import { ConnectHandshakes } from "./connect-handshakes.js";
import type { ConnectionFault, EngineEvents, EngineSettings, OpeningTimes } from "./engine.js";
import { FrameConnections } from "./frame-connections.js";
import { endOf, http2Missing, protocolBroken, streamReset, wentAway } from "./http2-faults.js";

interface Sockets {
  readonly outlet: Outlet;
  stampNs(): number;
  /** Begins to open the connection of this slot; `connected` or `notConnected` follows, not at once. */
  connect(slot: number): void;
  /** Sends what was gathered so far. */
  flush(): void;
  /** Closes the socket of a connection that is over. */
  close(carrier: Carrier): void;
}

export class CarriedWebSockets {
  /** Connections are numbered below this. */
  readonly slots: number;
  readonly connections: FrameConnections;
  connectedCount = 0;
  readonly #sockets: Sockets;
  readonly #events: EngineEvents;
  readonly #handshakes: ConnectHandshakes;
  readonly #carriers: Carriers;
  readonly #bySlot: (Carrier | null)[];
  /** By WebSocket: its stream, from the request to the end, and what carries it. */
  readonly #streams: (Stream | null)[];
  readonly #carrying: (Carrier | null)[];
  readonly #encoder: FrameEncoder;
  #isCutting = false;

  constructor(settings: EngineSettings, streamsEach: number, sockets: Sockets) {
    const { connections, events } = settings;
    this.#sockets = sockets;
    this.#events = events;
    this.#handshakes = new ConnectHandshakes(settings);
    // A WebSocket may be on a connection of its own, while its last one waits for the peer to end a stream.
    this.slots = 2 * connections + 1;
    this.#carriers = new Carriers(this.slots, streamsEach);
    this.#bySlot = new Array<Carrier | null>(this.slots).fill(null);
    this.#streams = new Array<Stream | null>(connections).fill(null);
    this.#carrying = new Array<Carrier | null>(connections).fill(null);
    this.#encoder = new FrameEncoder("client", sockets.outlet.bytes);
    this.connections = new FrameConnections(settings, {
      stampNs: () => sockets.stampNs(),
      write: (webSocket, opcode, payload) => this.#write(webSocket, opcode, payload),
      release: (webSocket) => this.#release(webSocket),
    });
  }

  carrierAt(slot: number): Carrier | null {
    return this.#bySlot[slot] ?? null;
  }

  /** As `Engine.open`. */
  open(webSocket: number): void {
    this.#handshakes.begin(webSocket);
    this.#place(webSocket);
  }

  /** As `Engine.drop`. */
  drop(webSocket: number): void {
    this.#isCutting = true;
    this.connections.end(webSocket, cutByUs);
    this.#isCutting = false;
  }

  connected(slot: number, fd: number, times: OpeningTimes): Carrier {
    const carrier = this.carrierAt(slot);
    if (carrier === null) throw new RangeError(`Nothing is being opened in slot ${slot}`);
    carrier.fd = fd;
    carrier.times = times;
    this.connectedCount++;
    return carrier;
  }

  /** Its socket is closed already. */
  notConnected(slot: number, fault: ConnectionFault): void {
    const carrier = this.carrierAt(slot);
    if (carrier !== null) this.lose(carrier, fault);
  }

  /** The connection is over, and all that it carried. */
  lose(carrier: Carrier, fault: ConnectionFault): void {
    if (carrier.isOver) return;
    carrier.isOver = true;
    carrier.session.stop();
    const verdict = endOf(carrier.goaway, fault);
    for (const stream of [...carrier.session.streams.values()]) {
      if (this.#streams[stream.owner] === stream) this.#fail(stream.owner, verdict);
    }
    for (const webSocket of [...carrier.waiting]) this.#fail(webSocket, verdict);
    if (carrier.fd >= 0) this.#sockets.close(carrier);
    this.#bySlot[carrier.slot] = null;
    this.#carriers.remove(carrier);
  }

  /** Gives up the handshakes that take too long. */
  endOverdue(nowNs: number): void {
    for (const { connection, fault } of this.#handshakes.overdue(nowNs)) this.#fail(connection, fault);
  }

  /** Ends all without events. */
  destroy(): void {
    for (const carrier of [...this.#carriers]) {
      carrier.isOver = true;
      if (carrier.fd < 0) continue;
      carrier.session.end();
      this.#sockets.close(carrier);
    }
  }

  #place(webSocket: number): void {
    const carrier = this.#carriers.withRoom() ?? this.#begin();
    if (carrier.session.takesRequests) this.#ask(carrier, webSocket);
    else {
      this.#carrying[webSocket] = carrier;
      carrier.waiting.add(webSocket);
    }
  }

  #begin(): Carrier {
    const spent = this.#carriers.isFull ? this.#carriers.spent() : null;
    if (spent !== null) this.#closeIdle(spent);
    const carrier: Carrier = this.#carriers.begin((slot) => {
      return new ClientSession(slot, this.#sockets.outlet, {
        settled: () => this.#onSettled(carrier),
        answered: (stream, fields) => this.#onAnswered(carrier, stream, fields),
        data: (stream, bytes, start, end) => {
          const { owner } = stream;
          // It may be of a stream that its owner is done with.
          if (this.#streams[owner] === stream) this.connections.read(owner, bytes, start, end);
        },
        ended: ({ owner }) => this.connections.end(owner, endOf(carrier.goaway, endedBare)),
        reset: ({ owner }, code) => this.#fail(owner, endOf(carrier.goaway, streamReset(code))),
        goaway: (code, unseen) => {
          carrier.goaway = code;
          for (const { owner } of unseen) this.#fail(owner, wentAway(code));
        },
        vacated: () => this.#closeIfIdle(carrier),
        broken: (error) => this.lose(carrier, protocolBroken(error)),
      });
    });
    this.#bySlot[carrier.slot] = carrier;
    this.#sockets.connect(carrier.slot);
    return carrier;
  }

  #closeIfIdle(carrier: Carrier): void {
    if (carrier.session.streams.size === 0 && carrier.waiting.size === 0) this.#closeIdle(carrier);
  }

  #closeIdle(carrier: Carrier): void {
    if (carrier.isOver) return;
    carrier.session.end();
    this.#sockets.flush();
    this.lose(carrier, cutByUs);
  }

  #ask(carrier: Carrier, webSocket: number): void {
    const { times } = carrier;
    carrier.times = null;
    this.#carrying[webSocket] = carrier;
    const block = this.#handshakes.request(webSocket, times);
    this.#streams[webSocket] = carrier.session.request(webSocket, block);
  }

  #onSettled(carrier: Carrier): void {
    const { peer } = carrier.session;
    const waiting = [...carrier.waiting];
    carrier.waiting.clear();
    this.#carriers.settled(carrier);
    const lack = peer.takesConnect
      ? peer.maxConcurrentStreams === 0 && "SETTINGS_MAX_CONCURRENT_STREAMS is 0"
      : "SETTINGS_ENABLE_CONNECT_PROTOCOL was not announced";
    if (lack !== false) {
      for (const webSocket of waiting) this.#fail(webSocket, http2Missing(lack));
      this.#closeIdle(carrier);
      return;
    }
    // The peer may allow fewer than wait here.
    for (const webSocket of waiting) {
      if (this.#carriers.roomOf(carrier) > 0) this.#ask(carrier, webSocket);
      else this.#place(webSocket);
    }
    this.#closeIfIdle(carrier);
  }

  #onAnswered(carrier: Carrier, stream: Stream, fields: readonly HeaderField[]): void {
    const { owner } = stream;
    const answer = this.#handshakes.answered(owner, fields);
    if ("fault" in answer) this.#fail(owner, answer.fault);
    else this.connections.opened(owner, carrier.fd, answer, null);
  }

  /** Of one that is open, or on its way. */
  #fail(webSocket: number, fault: ConnectionFault): void {
    if (this.connections.isOpen(webSocket)) {
      this.connections.end(webSocket, fault);
      return;
    }
    this.#handshakes.forget(webSocket);
    this.#carrying[webSocket]?.waiting.delete(webSocket);
    const stream = this.#streams[webSocket];
    const carrier = this.#carrying[webSocket];
    this.#streams[webSocket] = null;
    this.#carrying[webSocket] = null;
    // First, so that whoever is opened in its place finds this connection still there.
    this.#events.failed(webSocket, fault);
    if (stream) carrier?.session.finish(stream);
  }

  /** The hot path. */
  #write(webSocket: number, opcode: Opcode, payload: Buffer): void {
    const stream = this.#streams[webSocket];
    const session = this.#carrying[webSocket]?.session;
    if (!stream || session === undefined) return;
    const length = frameLength("client", payload.length);
    const at = session.beginData(stream, length);
    if (at >= 0) {
      session.endData(this.#encoder.write(at, opcode, payload));
      return;
    }
    const frame = Buffer.allocUnsafe(length);
    new FrameEncoder("client", frame).write(0, opcode, payload);
    session.queueData(stream, frame);
  }

  #release(webSocket: number): void {
    const stream = this.#streams[webSocket];
    const session = this.#carrying[webSocket]?.session;
    this.#streams[webSocket] = null;
    this.#carrying[webSocket] = null;
    if (!stream || session === undefined) return;
    if (this.#isCutting) session.reset(stream, "CANCEL");
    else session.finish(stream);
  }
}
