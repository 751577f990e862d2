/**
 * TLS over TCP, by the OpenSSL that Node carries. The kernel's stamps are of the encrypted segments: the first one of a
 * read is peeked at before OpenSSL takes it, for what is sampled.
 */
import { PinnedBuffer } from "../linux/pinned-buffer.js";
import { RealtimeOffset } from "../linux/realtime-offset.js";
import { setReceiveStamps } from "../linux/socket-options.js";
import { StampedReceiver } from "../linux/stamped-receiver.js";
import { type TlsConnection, tlsOutcomes } from "../linux/tls-connection.js";
import { TlsContext } from "../linux/tls-context.js";
import { faultOfCode } from "./classify-error.js";
import type { ConnectionFault, TlsAgreement } from "./engine.js";
import { http2Missing } from "./http2-faults.js";
import type { Target } from "./messages.js";
import { type StreamReadiness, type Streams, streamOutcomes } from "./streams.js";

export class TlsStreams implements Streams {
  stampNs = Number.NaN;
  stampEvery = 1;
  readonly #context: TlsContext;
  readonly #serverName: string;
  readonly #connections: (TlsConnection | null)[];
  readonly #fds: Int32Array;
  readonly #buffer = new PinnedBuffer(64 * 1024);
  readonly #peeker = new StampedReceiver(1);
  readonly #offset = new RealtimeOffset();
  #reads = 0;

  readonly #protocol: "http/1.1" | "h2";

  /**
   * @param protocol what is to be spoken in it
   * @throws UsageError when the target's authority holds no certificate
   */
  constructor(target: Target, connections: number, protocol: "http/1.1" | "h2" = "http/1.1") {
    this.#protocol = protocol;
    this.#context = new TlsContext({
      caPem: target.caPem,
      verify: !target.insecure,
      resume: target.resume,
      protocols: [protocol],
    });
    this.#serverName = target.hostHeader.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
    this.#connections = new Array<TlsConnection | null>(connections).fill(null);
    this.#fds = new Int32Array(connections).fill(-1);
  }

  get buffer(): Buffer {
    return this.#buffer.bytes;
  }

  begin(connection: number, fd: number): void {
    this.#fds[connection] = fd;
    setReceiveStamps(fd);
  }

  advance(connection: number): StreamReadiness {
    const tls = this.#connections[connection] ?? this.#start(connection);
    switch (tls.handshake()) {
      case 0:
        return this.#isAgreed(tls) ? "ready" : "failed";
      case tlsOutcomes.wantRead:
        return "want-read";
      case tlsOutcomes.wantWrite:
        return "want-write";
      default:
        return "failed";
    }
  }

  receive(connection: number): number {
    if (this.stampEvery > 0 && ++this.#reads >= this.stampEvery) this.#stamp(connection);
    else this.stampNs = Number.NaN;
    return this.#toOutcome(this.#of(connection).read(this.#buffer));
  }

  hasPending(connection: number): boolean {
    return this.#of(connection).hasPending();
  }

  send(connection: number, source: PinnedBuffer, start: number, end: number): number {
    return this.#toOutcome(this.#of(connection).write(source, start, end));
  }

  agreementOf(connection: number): TlsAgreement {
    const { version, cipher, isSessionReused } = this.#of(connection).properties();
    return { version, cipher, isResumed: isSessionReused };
  }

  faultOf(connection: number): ConnectionFault {
    const tls = this.#connections[connection] ?? null;
    const fault = tls?.fault ?? null;
    if (fault === null && tls !== null && !this.#isAgreed(tls))
      return http2Missing("TLS did not agree on h2");
    if (fault === null || fault.kind === "eof") {
      return { kind: "eof", code: null, detail: fault?.text ?? "the TLS stream ended" };
    }
    if (this.#protocol === "h2" && /no application protocol/i.test(fault.text))
      return http2Missing(fault.text);
    if (fault.kind !== "system") return { kind: "tls", code: null, detail: fault.text };
    // OpenSSL says so of a stream that just ends.
    return fault.errno === 0
      ? { kind: "eof", code: null, detail: "the TLS stream ended" }
      : faultOfCode(fault.text);
  }

  end(connection: number): void {
    const tls = this.#connections[connection];
    this.#connections[connection] = null;
    this.#fds[connection] = -1;
    tls?.shutdown();
    tls?.free();
  }

  close(): void {
    this.#context.close();
  }

  /** HTTP/1.1 is spoken where nothing is agreed on as well (RFC 7301, 3.2). */
  #isAgreed(tls: TlsConnection): boolean {
    return this.#protocol === "http/1.1" || tls.properties().protocol === this.#protocol;
  }

  #start(connection: number): TlsConnection {
    const tls = this.#context.connection(this.#fds[connection] as number, this.#serverName);
    this.#connections[connection] = tls;
    return tls;
  }

  #of(connection: number): TlsConnection {
    const tls = this.#connections[connection];
    if (!tls) throw new RangeError(`Connection ${connection} has no TLS`);
    return tls;
  }

  #stamp(connection: number): void {
    this.#reads = 0;
    const received = this.#peeker.peek(this.#fds[connection] as number);
    const stampNs = received > 0 ? this.#peeker.stampNs : null;
    this.stampNs = stampNs === null ? Number.NaN : this.#offset.monotonicOf(stampNs);
  }

  #toOutcome(result: number): number {
    if (result > 0) return result;
    switch (result) {
      case tlsOutcomes.wantRead:
      case tlsOutcomes.wantWrite:
        return streamOutcomes.again;
      case tlsOutcomes.ended:
        return streamOutcomes.ended;
      default:
        return streamOutcomes.failed;
    }
  }
}
