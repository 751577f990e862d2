/**
 * The OpenSSL that Node itself carries and exports, so that TLS needs no second library. Handles (`SSL *`, `SSL_CTX *`
 * and the like) are addresses; every function is in OpenSSL's manual, section 3, under its own name.
 *
 * Each thread has one queue of errors, which Node's own crypto uses too. Whoever sees a failure here empties it, so
 * that it is empty before the next call and SSL_get_error does not mistake an old error for a new one.
 */
import { messageOf } from "../base/errors.js";
import { isLinuxLayerAvailable, type LayerAvailability } from "./linux-layer.js";
import { loadNativeLibrary, type NativeLibrary } from "./native-library.js";

type OpenSsl = ReturnType<typeof bind>;

/** SSL_get1_session, SSL_read and the others are the same from here on; Node 20 has 3.0, Node 24 has 3.5. */
const oldestVersion = 0x3000_0000;

let bound: OpenSsl | null = null;

/** False where Node was built with another TLS library, or does not export the functions of its own. */
export function isOpenSslAvailable(): LayerAvailability {
  const layer = isLinuxLayerAvailable();
  if (!layer.available) return layer;
  try {
    const version = openSsl().versionNumber();
    if (version >= oldestVersion) return { available: true };
    return { available: false, reason: `OpenSSL ${version.toString(16)} is older than 3.0` };
  } catch (error) {
    return { available: false, reason: `Node's OpenSSL does not serve: ${messageOf(error)}` };
  }
}

/** @throws Error where it is not available */
export function openSsl(): OpenSsl {
  bound ??= bind(loadNativeLibrary(null));
  return bound;
}

function bind(library: NativeLibrary) {
  return {
    ...bindContext(library),
    ...bindConnection(library),
    ...bindSessions(library),
    ...bindCertificates(library),
    ...bindErrors(library),
  };
}

type Handle = number;

function bindContext({ declare }: NativeLibrary) {
  return {
    clientMethod: declare<() => Handle>("TLS_client_method", "address", []),
    contextNew: declare<(method: Handle) => Handle>("SSL_CTX_new", "address", ["address"]),
    contextFree: declare<(context: Handle) => void>("SSL_CTX_free", "void", ["address"]),
    contextControl: declare<(context: Handle, command: number, value: number, pointer: number) => number>(
      "SSL_CTX_ctrl",
      "long",
      ["address", "int", "long", "address"],
    ),
    contextSetVerify: declare<(context: Handle, mode: number, callback: number) => void>(
      "SSL_CTX_set_verify",
      "void",
      ["address", "int", "address"],
    ),
    contextSetAlpn: declare<(context: Handle, protocols: Buffer, length: number) => number>(
      "SSL_CTX_set_alpn_protos",
      "int",
      ["address", "pointer", "uint32"],
    ),
    contextSetCiphers: declare<(context: Handle, list: string) => number>("SSL_CTX_set_cipher_list", "int", [
      "address",
      "string",
    ]),
    contextSetSuites: declare<(context: Handle, list: string) => number>("SSL_CTX_set_ciphersuites", "int", [
      "address",
      "string",
    ]),
    contextStore: declare<(context: Handle) => Handle>("SSL_CTX_get_cert_store", "address", ["address"]),
  };
}

function bindConnection({ declare }: NativeLibrary) {
  type Step = (ssl: Handle) => number;
  type Moved = (ssl: Handle, address: number, length: number) => number;
  return {
    sslNew: declare<(context: Handle) => Handle>("SSL_new", "address", ["address"]),
    sslFree: declare<(ssl: Handle) => void>("SSL_free", "void", ["address"]),
    sslSetFd: declare<(ssl: Handle, fd: number) => number>("SSL_set_fd", "int", ["address", "int"]),
    sslControl: declare<(ssl: Handle, command: number, value: number, text: string) => number>(
      "SSL_ctrl",
      "long",
      ["address", "int", "long", "string"],
    ),
    sslConnect: declare<Step>("SSL_connect", "int", ["address"]),
    sslRead: declare<Moved>("SSL_read", "int", ["address", "address", "int"]),
    sslWrite: declare<Moved>("SSL_write", "int", ["address", "address", "int"]),
    sslShutdown: declare<Step>("SSL_shutdown", "int", ["address"]),
    sslSetShutdown: declare<(ssl: Handle, mode: number) => void>("SSL_set_shutdown", "void", [
      "address",
      "int",
    ]),
    sslHasPending: declare<Step>("SSL_has_pending", "int", ["address"]),
    sslFreeBuffers: declare<Step>("SSL_free_buffers", "int", ["address"]),
    sslGetError: declare<(ssl: Handle, result: number) => number>("SSL_get_error", "int", ["address", "int"]),
    sslVersion: declare<(ssl: Handle) => string>("SSL_get_version", "string", ["address"]),
    sslCipher: declare<(ssl: Handle) => Handle>("SSL_get_current_cipher", "address", ["address"]),
    cipherName: declare<(cipher: Handle) => string>("SSL_CIPHER_get_name", "string", ["address"]),
    sslAlpn: declare<(ssl: Handle, address: Buffer, length: Buffer) => void>(
      "SSL_get0_alpn_selected",
      "void",
      ["address", "pointer", "pointer"],
    ),
    copy: declare<(target: Buffer, source: number, length: number) => number>("memcpy", "address", [
      "pointer",
      "address",
      "size",
    ]),
  };
}

function bindSessions({ declare }: NativeLibrary) {
  return {
    sslGet1Session: declare<(ssl: Handle) => Handle>("SSL_get1_session", "address", ["address"]),
    sslSetSession: declare<(ssl: Handle, session: Handle) => number>("SSL_set_session", "int", [
      "address",
      "address",
    ]),
    sslSessionReused: declare<(ssl: Handle) => number>("SSL_session_reused", "int", ["address"]),
    sessionIsResumable: declare<(session: Handle) => number>("SSL_SESSION_is_resumable", "int", ["address"]),
    sessionFree: declare<(session: Handle) => void>("SSL_SESSION_free", "void", ["address"]),
  };
}

function bindCertificates({ declare }: NativeLibrary) {
  type Checked = (param: Handle, text: string) => number;
  return {
    memoryMethod: declare<() => Handle>("BIO_s_mem", "address", []),
    bioNew: declare<(method: Handle) => Handle>("BIO_new", "address", ["address"]),
    bioWrite: declare<(bio: Handle, bytes: Buffer, length: number) => number>("BIO_write", "int", [
      "address",
      "pointer",
      "int",
    ]),
    bioFree: declare<(bio: Handle) => number>("BIO_free", "int", ["address"]),
    pemReadX509: declare<(bio: Handle, x509: number, callback: number, user: number) => Handle>(
      "PEM_read_bio_X509",
      "address",
      ["address", "address", "address", "address"],
    ),
    x509Free: declare<(x509: Handle) => void>("X509_free", "void", ["address"]),
    storeAdd: declare<(store: Handle, x509: Handle) => number>("X509_STORE_add_cert", "int", [
      "address",
      "address",
    ]),
    sslParam: declare<(ssl: Handle) => Handle>("SSL_get0_param", "address", ["address"]),
    paramSetHost: declare<(param: Handle, name: string, length: number) => number>(
      "X509_VERIFY_PARAM_set1_host",
      "int",
      ["address", "string", "size"],
    ),
    paramSetIp: declare<Checked>("X509_VERIFY_PARAM_set1_ip_asc", "int", ["address", "string"]),
    sslVerifyResult: declare<(ssl: Handle) => number>("SSL_get_verify_result", "long", ["address"]),
    verifyText: declare<(result: number) => string>("X509_verify_cert_error_string", "string", ["long"]),
  };
}

function bindErrors({ declare }: NativeLibrary) {
  return {
    versionNumber: declare<() => number>("OpenSSL_version_num", "size", []),
    errPeekLast: declare<() => number>("ERR_peek_last_error", "size", []),
    errClear: declare<() => void>("ERR_clear_error", "void", []),
    errReason: declare<(code: number) => string | null>("ERR_reason_error_string", "string", ["size"]),
  };
}

interface OpenSslError {
  /** `ERR_GET_REASON`: a number whose meaning goes with the library that raised it, here nearly always SSL's. */
  readonly reason: number;
  readonly text: string;
}

/** The outermost error of the thread's queue, and so the one of the call that failed; the queue is empty afterwards. */
export function takeOpenSslError(): OpenSslError {
  const code = openSsl().errPeekLast();
  const text = openSsl().errReason(code) ?? `OpenSSL error 0x${code.toString(16)}`;
  openSsl().errClear();
  // ERR_REASON_MASK of openssl/err.h, 3.0 and later.
  return { reason: code & 0x7f_ffff, text };
}
