/**
 * What all TLS connections of a thread share: whom to trust, what to offer, and the sessions to resume. It offers what
 * Node's own TLS offers, so that every engine does the same handshake. A connection takes 20 KiB, of which 6 are the
 * server's certificate (14 with a resumed session), and a handshake 0.7 ms of CPU (0.3 to 0.4 resumed): bench/tls-cost.js.
 */
import { DEFAULT_CIPHERS } from "node:tls";
import { UsageError } from "../base/errors.js";
import { nodeAuthorities } from "./node-authorities.js";
import { openSsl } from "./openssl.js";
import { TlsConnection } from "./tls-connection.js";

export interface TlsSettings {
  /** The only authorities to trust, one PEM after another; null for those that Node carries. */
  readonly caPem: string | null;
  /** Whether to check the server's certificate, and that it is for the name asked for. */
  readonly verify: boolean;
  /** Whether later connections to a name resume the session of an earlier one, as browsers do. */
  readonly resume: boolean;
  /** The protocols to offer within TLS (ALPN). */
  readonly protocols: readonly string[];
}

// Commands of SSL_CTX_ctrl (openssl/ssl.h), which are macros in C.
const SSL_CTRL_MODE = 33;
const SSL_CTRL_SET_READ_AHEAD = 41;
const SSL_CTRL_SET_SESS_CACHE_MODE = 44;
const SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
const SSL_SESS_CACHE_OFF = 0;
const TLS1_2_VERSION = 0x0303;
const SSL_VERIFY_NONE = 0;
const SSL_VERIFY_PEER = 1;

/** SSL_write may take a part, as `send` does, and may be called again from another address. */
const SSL_MODE_ENABLE_PARTIAL_WRITE = 0x1;
const SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER = 0x2;
/** An idle connection has no record buffers: 20 KiB instead of 30 (bench/tls-cost.js, 1,000 connections). */
const SSL_MODE_RELEASE_BUFFERS = 0x10;

export class TlsContext {
  readonly #handle: number;
  readonly #resume: boolean;
  /** A session to resume, by server name; each is a reference that is freed here. */
  readonly #sessions = new Map<string, number>();

  /**
   * With Node's own authorities it takes 50 ms, so make one a thread, not one a connection.
   * @throws UsageError when `caPem` holds no certificate
   */
  constructor({ caPem, verify, resume, protocols }: TlsSettings) {
    const ssl = openSsl();
    this.#resume = resume;
    this.#handle = ssl.contextNew(ssl.clientMethod());
    const mode =
      SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS;
    ssl.contextControl(this.#handle, SSL_CTRL_MODE, mode, 0);
    // A record's header and body in one read() instead of two, 1 µs less; what came with them waits in the buffer.
    ssl.contextControl(this.#handle, SSL_CTRL_SET_READ_AHEAD, 1, 0);
    ssl.contextControl(this.#handle, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, 0);
    ssl.contextControl(this.#handle, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, 0);
    ssl.contextSetVerify(this.#handle, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, 0);
    this.#offerCiphers(DEFAULT_CIPHERS);
    this.#offerProtocols(protocols);
    if (!verify) return;
    const count = this.#trust(caPem ?? nodeAuthorities());
    if (count > 0) return;
    this.close();
    throw new UsageError("The CA file holds no certificate in PEM");
  }

  /**
   * @param fd a connected socket, non-blocking; the connection does not close it
   * @param serverName the host as in the URL, without brackets: a name, or an address
   */
  connection(fd: number, serverName: string): TlsConnection {
    return new TlsConnection({
      context: this.#handle,
      fd,
      serverName,
      session: this.#resumableSession(serverName),
      // The first session that can be resumed serves all later connections to the name.
      onSession: this.#resume ? (handle) => this.#remember(serverName, handle) : null,
    });
  }

  /** Connections that are still there keep what they need of it. */
  close(): void {
    for (const session of this.#sessions.values()) openSsl().sessionFree(session);
    this.#sessions.clear();
    openSsl().contextFree(this.#handle);
  }

  #resumableSession(serverName: string): number | null {
    const session = this.#sessions.get(serverName);
    if (session === undefined) return null;
    if (openSsl().sessionIsResumable(session) === 1) return session;
    openSsl().sessionFree(session);
    this.#sessions.delete(serverName);
    return null;
  }

  /** Takes over the reference. */
  #remember(serverName: string, session: number): void {
    if (this.#sessions.has(serverName) || openSsl().sessionIsResumable(session) !== 1) {
      openSsl().sessionFree(session);
    } else {
      this.#sessions.set(serverName, session);
    }
  }

  /** Node keeps both sorts in one list; OpenSSL has one for TLS 1.3 and one for what came before. */
  #offerCiphers(list: string): void {
    const names = list.split(":");
    const suites = names.filter((name) => name.startsWith("TLS_"));
    const others = names.filter((name) => !name.startsWith("TLS_"));
    if (suites.length > 0) openSsl().contextSetSuites(this.#handle, suites.join(":"));
    if (others.length > 0) openSsl().contextSetCiphers(this.#handle, others.join(":"));
    openSsl().errClear();
  }

  /** In the format of RFC 7301, 3.1: each name after its length. */
  #offerProtocols(protocols: readonly string[]): void {
    if (protocols.length === 0) return;
    const wire = Buffer.concat(protocols.map((name) => Buffer.from([name.length, ...Buffer.from(name)])));
    openSsl().contextSetAlpn(this.#handle, wire, wire.length);
  }

  /** @returns how many certificates there were */
  #trust(pem: string): number {
    const ssl = openSsl();
    const store = ssl.contextStore(this.#handle);
    const bytes = Buffer.from(pem);
    // A BIO that copies: one over our own memory would need that memory kept alive.
    const bio = ssl.bioNew(ssl.memoryMethod());
    ssl.bioWrite(bio, bytes, bytes.length);
    let count = 0;
    for (;;) {
      const certificate = ssl.pemReadX509(bio, 0, 0, 0);
      if (certificate === 0) break;
      count += ssl.storeAdd(store, certificate);
      ssl.x509Free(certificate);
    }
    ssl.bioFree(bio);
    // Reading on to the end always leaves "no start line" behind.
    ssl.errClear();
    return count;
  }
}
