/** The byte stream under a WebSocket of the `ws` package. It is made here, not by ws, so that each step's time is seen. */
import { connect as connectTcp, type Socket, type TcpNetConnectOpts } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { monotonicClock } from "../base/clock.js";
import type { OpeningTimes, TlsAgreement } from "./engine.js";
import type { Target } from "./messages.js";

/** Sessions to resume: the first that the server gave, where resumption was asked for. */
export interface Sessions {
  first: Buffer | null;
}

interface Route {
  readonly port: number;
  readonly localAddress?: string;
}

export class WsStream {
  /** How it broke, which ws keeps to itself. */
  error: Error | null = null;
  /** What still comes is of no interest to anybody. */
  isForgotten = false;
  readonly #target: Target;
  readonly #route: Route;
  readonly #sessions: Sessions;
  /** When each step was reached, 0 until then. */
  readonly #startNs = monotonicClock.now();
  #connectedNs = 0;
  #securedNs = 0;
  #tls: TlsAgreement | null = null;

  constructor(target: Target, route: Route, sessions: Sessions) {
    this.#target = target;
    this.#route = route;
    this.#sessions = sessions;
  }

  connect(): Socket {
    const way: TcpNetConnectOpts = { ...this.#route, host: this.#target.address };
    const socket = this.#target.tls ? this.#connectTls(way) : connectTcp(way);
    socket.once("connect", () => {
      this.#connectedNs = monotonicClock.now();
    });
    socket.once("error", (error) => {
      this.error = error;
    });
    // ws would read to the end what is left of every stream that it closes: tens of thousands of frames of one that floods.
    socket.once("close", () => {
      if (!this.isForgotten) return;
      socket.removeAllListeners("data");
      socket.read();
    });
    return socket;
  }

  /** Of one whose upgrade was answered just now. */
  times(): OpeningTimes {
    const readyNs = this.#target.tls ? this.#securedNs : this.#connectedNs;
    return {
      connectNs: this.#connectedNs - this.#startNs,
      tlsNs: this.#target.tls ? this.#securedNs - this.#connectedNs : null,
      upgradeNs: monotonicClock.now() - readyNs,
      tls: this.#tls,
    };
  }

  #connectTls(way: TcpNetConnectOpts): TLSSocket {
    const sessions = this.#sessions;
    const socket = connectTls({ ...way, ...tlsOptions(this.#target, sessions) });
    socket.once("secureConnect", () => {
      this.#securedNs = monotonicClock.now();
      this.#tls = {
        version: socket.getProtocol() ?? "",
        cipher: socket.getCipher().standardName,
        isResumed: socket.isSessionReused(),
      };
    });
    socket.on("session", (session) => {
      sessions.first ??= session;
    });
    return socket;
  }
}

function tlsOptions(target: Target, { first }: Sessions): object {
  const name = target.hostHeader.replace(/:\d+$/, "");
  return {
    ALPNProtocols: ["http/1.1"],
    rejectUnauthorized: !target.insecure,
    // An address is no server name (RFC 6066, 3).
    ...(/^[\d.]+$|^\[/.test(name) ? {} : { servername: name }),
    ...(target.caPem === null ? {} : { ca: target.caPem }),
    ...(target.resume && first !== null ? { session: first } : {}),
  };
}
