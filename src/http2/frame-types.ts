/**
 * The numbers of HTTP/2 (RFC 9113, 6 and 7; RFC 8441, 3).
 */
export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const flags = {
  /** Of SETTINGS and PING. */
  ack: 0x1,
  /** Of DATA and HEADERS: the sender's last on this stream. */
  endStream: 0x1,
  endHeaders: 0x4,
  padded: 0x8,
  priority: 0x20,
} as const;

export const settingIds = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
  enableConnectProtocol: 8,
} as const;

export const frameHeaderBytes = 9;
/** Largest payload of a frame before SETTINGS say otherwise; what we take is never more. */
export const frameBytesUsual = 16_384;
export const frameBytesMost = 16_777_215;
/** Of every flow-control window, in bytes. */
export const windowMost = 2 ** 31 - 1;
/** Of every window before SETTINGS or WINDOW_UPDATE say otherwise. */
export const windowUsual = 65_535;
export const streamIdMost = 2 ** 31 - 1;

const errorNames = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
] as const;

export type ErrorName = (typeof errorNames)[number];

/** `CANCEL`, or `error 99` for one that nobody defined. */
export function errorNameOf(code: number): string {
  return errorNames[code] ?? `error ${code}`;
}

export function errorCodeOf(name: ErrorName): number {
  return errorNames.indexOf(name);
}

/** What ends a connection: its own end has broken the protocol. */
export interface ConnectionError {
  readonly name: ErrorName;
  readonly detail: string;
}

/** What is wrong with what came, if anything. */
export type Verdict = ConnectionError | null;

export function protocolError(detail: string): ConnectionError {
  return { name: "PROTOCOL_ERROR", detail };
}
