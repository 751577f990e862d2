/**
 * One TLS connection over a non-blocking socket. Its calls allocate nothing; what they return is a number of bytes, or
 * one of `tlsOutcomes`. A peer that is gone raises no signal: Node ignores SIGPIPE.
 */
import assert from "node:assert/strict";
import { isIP } from "node:net";
import { errnoName, lastErrno } from "./errno.js";
import { openSsl } from "./openssl.js";
import type { PinnedBuffer } from "./pinned-buffer.js";
import { type TlsFault, takeTlsFault } from "./tls-fault.js";

/** What else than bytes comes of a call. */
export const tlsOutcomes = {
  /** Call again when the socket is readable. `write` and `shutdown` may say so too, while the handshake goes on. */
  wantRead: -1,
  /** Call again when the socket is writable. */
  wantWrite: -2,
  /** The peer has ended its side in order, with close_notify. */
  ended: -3,
  /** The connection is broken; `fault` says how. */
  failed: -4,
} as const;

interface TlsProperties {
  /** `TLSv1.3` and the like. */
  readonly version: string;
  readonly cipher: string;
  readonly isSessionReused: boolean;
  /** What the server chose of the protocols offered; null for none. */
  readonly protocol: string | null;
}

interface ConnectionParts {
  readonly context: number;
  readonly fd: number;
  readonly serverName: string;
  /** A session to resume, which stays the context's. */
  readonly session: number | null;
  /** Takes over a reference to the connection's session, once there is one; null when nobody wants it. */
  readonly onSession: ((session: number) => void) | null;
}

const SSL_CTRL_SET_TLSEXT_HOSTNAME = 55;
const SSL_ERROR_WANT_READ = 2;
const SSL_ERROR_WANT_WRITE = 3;
const SSL_ERROR_SYSCALL = 5;
const SSL_ERROR_ZERO_RETURN = 6;
/** SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN */
const bothShutdowns = 3;

export class TlsConnection {
  readonly #ssl: number;
  readonly #onSession: ConnectionParts["onSession"];
  #hasRead = false;
  #fault: TlsFault | null = null;

  constructor({ context, fd, serverName, session, onSession }: ConnectionParts) {
    const ssl = openSsl();
    this.#ssl = ssl.sslNew(context);
    assert(this.#ssl !== 0, "out of memory for a TLS connection");
    this.#onSession = onSession;
    ssl.sslSetFd(this.#ssl, fd);
    this.#expect(serverName);
    if (session !== null) ssl.sslSetSession(this.#ssl, session);
  }

  /** How it broke; null while it has not. */
  get fault(): TlsFault | null {
    return this.#fault;
  }

  /** @returns 0 when the handshake is done, or an outcome */
  handshake(): number {
    const result = openSsl().sslConnect(this.#ssl);
    return result === 1 ? 0 : this.#outcomeOf(result);
  }

  /** What was agreed on, once the handshake is done. */
  properties(): TlsProperties {
    const ssl = openSsl();
    return {
      version: ssl.sslVersion(this.#ssl),
      cipher: ssl.cipherName(ssl.sslCipher(this.#ssl)),
      isSessionReused: ssl.sslSessionReused(this.#ssl) === 1,
      protocol: this.#protocol(),
    };
  }

  /**
   * @returns the bytes read into `target` from `start` on, or an outcome. There may be more that epoll does not know
   *   of: ask `hasPending`, or read on until `wantRead`
   */
  read(target: PinnedBuffer, start = 0): number {
    target.assertHolds(start, target.length);
    const result = openSsl().sslRead(this.#ssl, target.address + start, target.length - start);
    if (result <= 0) return this.#outcomeOf(result);
    if (!this.#hasRead) this.#afterFirstRead();
    return result;
  }

  /** Whether bytes have been read off the socket that `read` has not given yet. 40 ns. */
  hasPending(): boolean {
    return openSsl().sslHasPending(this.#ssl) === 1;
  }

  /** @returns the bytes taken, which may be fewer than given, or an outcome */
  write(source: PinnedBuffer, start: number, end: number): number {
    source.assertHolds(start, end);
    const result = openSsl().sslWrite(this.#ssl, source.address + start, end - start);
    return result > 0 ? result : this.#outcomeOf(result);
  }

  /** Sends close_notify, which ends our side. @returns 0 when it is on its way, or an outcome */
  shutdown(): number {
    const result = openSsl().sslShutdown(this.#ssl);
    // 0 says that the peer's own has not come yet, which nobody waits for.
    return result >= 0 ? 0 : this.#outcomeOf(result);
  }

  /** The end of this object; the socket stays open. Once, and nothing may be called afterwards. */
  free(): void {
    // Otherwise OpenSSL takes the missing close_notify for a broken session, and will not have it resumed.
    openSsl().sslSetShutdown(this.#ssl, bothShutdowns);
    openSsl().sslFree(this.#ssl);
  }

  /** Whom the certificate must be for; a name, but no address, is told to the server as well (RFC 6066, 3). */
  #expect(serverName: string): void {
    const ssl = openSsl();
    const param = ssl.sslParam(this.#ssl);
    if (isIP(serverName) !== 0) {
      assert(ssl.paramSetIp(param, serverName) === 1, `OpenSSL refuses the address ${serverName}`);
      return;
    }
    const bytes = Buffer.byteLength(serverName);
    assert(ssl.paramSetHost(param, serverName, bytes) === 1, `OpenSSL refuses the name ${serverName}`);
    ssl.sslControl(this.#ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, 0, serverName);
  }

  /**
   * TLS 1.3 sends its tickets after the handshake, so that the first bytes read come behind them. Reading a ticket
   * leaves a write buffer of 16 KiB allocated until the next write: freeing that takes 6 KiB off every connection.
   */
  #afterFirstRead(): void {
    this.#hasRead = true;
    openSsl().sslFreeBuffers(this.#ssl);
    if (this.#onSession === null) return;
    const session = openSsl().sslGet1Session(this.#ssl);
    if (session !== 0) this.#onSession(session);
  }

  #outcomeOf(result: number): number {
    // Of the read() or write() within, as long as no other call comes between.
    const errno = lastErrno();
    switch (openSsl().sslGetError(this.#ssl, result)) {
      case SSL_ERROR_WANT_READ:
        return tlsOutcomes.wantRead;
      case SSL_ERROR_WANT_WRITE:
        return tlsOutcomes.wantWrite;
      case SSL_ERROR_ZERO_RETURN:
        return tlsOutcomes.ended;
      case SSL_ERROR_SYSCALL:
        openSsl().errClear();
        this.#fault ??= { kind: "system", text: errnoName(errno), errno };
        return tlsOutcomes.failed;
      default:
        this.#fault ??= takeTlsFault(this.#ssl);
        return tlsOutcomes.failed;
    }
  }

  #protocol(): string | null {
    const pointer = Buffer.alloc(8);
    const length = Buffer.alloc(4);
    openSsl().sslAlpn(this.#ssl, pointer, length);
    if (length.readUInt32LE() === 0) return null;
    const name = Buffer.alloc(length.readUInt32LE());
    openSsl().copy(name, Number(pointer.readBigUInt64LE()), name.length);
    return name.toString("latin1");
  }
}
